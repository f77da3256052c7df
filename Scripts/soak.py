#!/usr/bin/env python3
"""Edits manifests, breaks the provider's answers and kills applies at random, and then holds clientsync to its promise.

soak.py CLIENTSYNC [FIRST-SEED [SEEDS [ROUNDS]]]

Each seed runs with an admin API and without one. A round declares another set of clients and applies it, once or twice, with faults
planned at the provider and the process killed or told to stop at some moment. Then, with no more faults, it applies until
nothing is left to do; a client in doubt is healed in the way that the plan names. After that every declared client must exist
exactly once and as declared, no other may, the plan must be empty, and the folder must hold nothing but the state and its backup.
"""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

FAULTS = [
    {"action": "drop"}, {"action": "close"}, {"action": "truncate"}, {"action": "truncate", "bytes": 300},
    {"action": "delay"}, {"action": "answer", "status": 500}, {"action": "answer", "status": 502},
    {"action": "answer", "status": 503, "headers": {"retry-after": "0"}},
    {"action": "answer", "status": 429, "headers": {"retry-after": "0"}},
]
NAMES = [f"c{number}" for number in range(12)]


class Broken(Exception):
    """The promise does not hold, or a command ended as none should."""


class Soak:
    def __init__(self, program, seed, has_admin):
        self.program, self.random, self.has_admin = program, random.Random(seed), has_admin
        self.folder = tempfile.mkdtemp(prefix="clientsync-soak-")
        self.kills = self.healed = 0
        self.environment = {key: value for key, value in os.environ.items() if key != "CI"}
        self.environment.update(HOME=self.folder, XDG_STATE_HOME=self.folder + "/memory", SOPS_AGE_KEY_FILE=self.folder + "/key")
        os.mkdir(self.folder + "/clients")
        self.log = open(self.folder + "/log", "w")
        self.recipient = self.run("keys", "new", "--out", "key")[1].split()[0]
        self.provider = subprocess.Popen(
            [program, "provider", "--port", "0", "--admin-port", "0", "--data", ":memory:", "--faults"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        addresses = json.loads(self.provider.stdout.readline())
        self.public, self.admin = addresses["public"], addresses["admin"]

    def end(self, keeps):
        self.provider.terminate()
        self.provider.wait()
        self.log.close()
        if not keeps:
            shutil.rmtree(self.folder)

    def run(self, *arguments, stop_after=None):
        process = subprocess.Popen(
            [self.program, *arguments], cwd=self.folder, env=self.environment, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        if stop_after is not None:
            time.sleep(stop_after)
            process.send_signal(self.random.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT]))
        try:
            output = process.communicate(timeout=300)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            raise Broken(f"{arguments} hangs")
        self.log.write(f"$ {' '.join(arguments)}   exit {process.returncode}, stopped after {stop_after}\n{output}\n")
        self.log.flush()
        if stop_after is None and process.returncode not in (0, 1, 2, 4, 5, 7):
            raise Broken(f"{arguments} ended with {process.returncode}")
        return process.returncode, output

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.admin + path, data, method=method)) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def clients(self):
        return self.ask("GET", "/admin/clients?page_size=500")

    def declare(self, versions):
        admin = f'  admin: {{ endpoint: "{self.admin}" }}\n' if self.has_admin else ""
        documents = [
            "apiVersion: clientsync/v1\nkind: Registry\nmetadata: { name: h }\nspec:\n"
            f"  issuer: {self.public}\n{admin}"
            "  http: { timeout: 1s, maxRetries: 1, maxConcurrency: 4 }\n  safety: { maxDeletePercent: 100 }\n"
            f"  encryption: {{ age: [{self.recipient}] }}\n"]
        for name, version in sorted(versions.items()):
            documents.append(
                f"apiVersion: clientsync/v1\nkind: Client\nmetadata: {{ name: {name} }}\nspec:\n  client:\n"
                f"    client_name: {name}\n    client_uri: https://example.com/{version}\n"
                "    redirect_uris: [https://example.com/callback]\n")
        with open(self.folder + "/clients/all.yaml", "w") as file:
            file.write("---\n".join(documents))

    def plan_faults(self):
        faults = []
        for _ in range(self.random.randrange(5)):
            fault = dict(self.random.choice(FAULTS), operation=self.random.choice(["create", "set", "delete", "get"]))
            fault.update(call=self.random.randrange(1, 5), times=self.random.choice([1, 1, 2]))
            when = self.random.choice(["before", "after"])
            if fault["action"] == "delay":
                # What is late to begin ends within the call's time limit; what is late to answer does not.
                fault["milliseconds"] = 600 if when == "before" else 1500
            if fault["action"] not in ("close", "truncate"):
                # 429 and 503 say that nothing was done.
                fault["when"] = "before" if fault.get("status") in (429, 503) else when
            faults.append(fault)
        self.log.write(f"faults {json.dumps(faults)}\n")
        self.ask("PUT", "/faults", {"faults": faults})

    def heal(self, problem):
        """What the plan tells people to do: delete it at the provider, then forget it."""
        name = problem["client"]
        if problem["kind"] == "create_in_doubt":
            # Nobody is quicker than a provider that is still at it.
            time.sleep(1)
        with open(self.folder + "/state/h.json") as file:
            known = json.load(file)["clients"].get(name, {}).get("client_id")
        for client in self.clients():
            if client["client_id"] == known or problem["kind"] == "create_in_doubt" and client["client_name"] == name:
                self.ask("DELETE", "/admin/clients/" + client["client_id"])
        forget = ["state", "rm", name, "--registry", "h", "--auto-approve"]
        if "--force" in problem["message"]:
            forget.append("--force")
        if self.run(*forget)[0] != 0:
            raise Broken(f"the way out of {problem['kind']} does not work")
        self.healed += 1

    def round(self):
        versions = {name: self.random.randrange(3) for name in NAMES if self.random.random() < 0.6} or {"c0": 0}
        self.declare(versions)
        for _ in range(self.random.randrange(1, 3)):
            self.plan_faults()
            stop_after = self.random.random() * 0.6 if self.random.random() < 0.6 else None
            self.kills += stop_after is not None
            self.run("apply", "--auto-approve", "--new-state", stop_after=stop_after)
        self.ask("PUT", "/faults", {"faults": []})
        for _ in range(8):
            status, _ = self.run("apply", "--auto-approve", "--new-state")
            problems = json.loads(self.run("plan", "--format", "json")[1])["problems"]
            if status == 0 and not problems:
                break
            for problem in problems:
                self.heal(problem)
        else:
            raise Broken("it does not come to rest")
        live = sorted((client["client_name"], client["client_uri"]) for client in self.clients())
        wanted = sorted((name, f"https://example.com/{version}") for name, version in versions.items())
        if live != wanted:
            raise Broken(f"there is {live}, and declared is {wanted}")
        if self.run("plan", "--detailed-exitcode")[0] != 0:
            raise Broken("the plan is not empty")
        left = set(os.listdir(self.folder + "/state")) - {"h.json", "h.json.backup"}
        if left:
            raise Broken(f"the folder holds {sorted(left)}")


def main(program, first=1, seeds=4, rounds=10):
    kills = healed = 0
    for seed in range(int(first), int(first) + int(seeds)):
        for has_admin in (True, False):
            soak = Soak(os.path.abspath(program), seed, has_admin)
            keeps = True
            try:
                for number in range(int(rounds)):
                    soak.round()
                keeps = False
            except Broken as error:
                sys.exit(f"soak: seed {seed}, admin API {has_admin}, round {number}: {error}\nsoak: see {soak.folder}/log")
            finally:
                soak.end(keeps)
            kills, healed = kills + soak.kills, healed + soak.healed
    print(f"soak: {int(seeds) * 2 * int(rounds)} rounds, {kills} applies stopped, {healed} clients healed by hand; the promise held")


if __name__ == "__main__":
    main(*sys.argv[1:])
