# What a stack that deploys jobs may do: its jobs and their variables, and reading what it needs to follow them.
namespace "*" {
  policy       = "read"
  capabilities = ["submit-job", "read-job", "list-jobs", "dispatch-job", "read-logs"]

  variables {
    path "nomad/jobs/*" {
      capabilities = ["write", "read", "destroy", "list"]
    }
  }
}

node {
  policy = "read"
}

agent {
  policy = "read"
}

# A job that mounts a host volume is refused without it.
host_volume "*" {
  policy = "write"
}
