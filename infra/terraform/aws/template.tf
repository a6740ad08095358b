locals {
  settings = merge({ FETTLE_TEMPORAL_NAMESPACE = var.namespace }, var.settings, {
    AGENT_POOL     = var.pool
    FETTLE_STORE   = local.store
    LAUNCH_ELASTIC = "true" # each host is launched for one acquisition, and says which by its tags
    }, length(var.secrets) == 0 ? {} : {
    LAUNCH_SECRETS = join(" ", [for name, parameter in var.secrets : "${name}=ssm:${parameter}"])
  })

  user_data = join("\n", [
    "#!/bin/sh",
    "FETTLE_RELEASE='s3://${var.bucket}/${var.release.key}'",
    "FETTLE_RELEASE_SHA256=${var.release.sha256}",
    "FETTLE_SETTINGS='${join("\n", [for name, value in local.settings : "${name}=${value}"])}'",
    file("${path.module}/../../launch/boot"),
  ])
}

# CreateFleet names type, zone and market; everything else of a host is here.
resource "aws_launch_template" "agent" {
  name                                 = var.name
  image_id                             = var.image
  update_default_version               = true
  instance_initiated_shutdown_behavior = "terminate" # a host that ends itself costs nothing more
  vpc_security_group_ids               = [aws_security_group.host.id]
  user_data                            = base64encode(local.user_data)

  iam_instance_profile {
    arn = aws_iam_instance_profile.agent.arn
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required" # IMDSv2 only
    http_put_response_hop_limit = 1          # not from a container
    instance_metadata_tags      = "enabled"  # how a host learns its acquisition
  }

  block_device_mappings {
    device_name = var.root_device
    ebs {
      volume_size           = var.root_gigabytes
      volume_type           = "gp3"
      encrypted             = true
      delete_on_termination = true
    }
  }

  tag_specifications {
    resource_type = "volume"
    tags          = { fettle = var.name }
  }
}

# The same with EFA in one zone. The interface is the template's, so a fleet must not name a subnet beside it.
resource "aws_launch_template" "efa" {
  count                                = var.efa_zone == null ? 0 : 1
  name                                 = "${var.name}-efa"
  image_id                             = var.image
  update_default_version               = true
  instance_initiated_shutdown_behavior = "terminate"
  user_data                            = base64encode(local.user_data)

  iam_instance_profile {
    arn = aws_iam_instance_profile.agent.arn
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
    instance_metadata_tags      = "enabled"
  }

  placement {
    group_name = aws_placement_group.close[0].name
  }

  network_interfaces {
    device_index    = 0
    interface_type  = "efa"
    subnet_id       = aws_subnet.zone[var.efa_zone].id
    security_groups = [aws_security_group.host.id, aws_security_group.efa.id]
  }

  block_device_mappings {
    device_name = var.root_device
    ebs {
      volume_size           = var.root_gigabytes
      volume_type           = "gp3"
      encrypted             = true
      delete_on_termination = true
    }
  }

  tag_specifications {
    resource_type = "volume"
    tags          = { fettle = var.name }
  }
}
