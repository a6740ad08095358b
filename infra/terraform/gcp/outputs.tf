output "store" {
  description = "FETTLE_STORE of every process."
  value       = local.store
}

output "control_account" {
  description = "What the control plane runs as."
  value       = google_service_account.control.email
}

output "pool" {
  description = "The pool's part of pools.yaml."
  value = yamlencode({
    pools = {
      (var.pool) = {
        provider = "gcp"
        project  = var.project
        zones    = var.zones
        template = google_compute_instance_template.agent.name
        markets  = ["spot", "on_demand"]
      }
    }
  })
}
