output "store" {
  description = "FETTLE_STORE of every process."
  value       = local.store
}

output "control_role" {
  description = "What the control plane runs as."
  value       = aws_iam_role.control.arn
}

output "pool" {
  description = "The pool's part of pools.yaml."
  value = yamlencode({
    pools = {
      (var.pool) = {
        provider        = "aws"
        region          = var.region
        launch_template = aws_launch_template.agent.name
        zones           = { for zone, subnet in aws_subnet.zone : zone => subnet.id }
        markets         = ["spot", "on_demand"]
      }
    }
  })
}
