"""One folder an app, `e2e/` for the browser, `bench/` for benchmarks. Servers are real, faults are made for real."""
