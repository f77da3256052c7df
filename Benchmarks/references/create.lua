-- wrk's script for creates: each answer has to be 201.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"client_name":"Benchmark","redirect_uris":["https://benchmark.example.com/callback"],' ..
  '"grant_types":["authorization_code","refresh_token"],"scope":"openid offline_access"}'
