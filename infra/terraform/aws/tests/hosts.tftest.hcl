# Without an account: a stand-in answers for the provider.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/made" }
  }
  mock_resource "aws_iam_instance_profile" {
    defaults = { arn = "arn:aws:iam::123456789012:instance-profile/made" }
  }
  mock_resource "aws_subnet" {
    defaults = { arn = "arn:aws:ec2:eu-west-1:123456789012:subnet/subnet-1" }
  }
  mock_resource "aws_launch_template" {
    defaults = { arn = "arn:aws:ec2:eu-west-1:123456789012:launch-template/lt-1" }
  }
}

variables {
  region   = "eu-west-1"
  zones    = ["eu-west-1a", "eu-west-1b"]
  bucket   = "team-fettle"
  release  = { key = "fettle/releases/fettle.tar.gz", sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
  settings = { FETTLE_TEMPORAL_ADDRESS = "temporal.example.com:7233" }
  secrets  = { HF_TOKEN = "/fettle/hf-token" }
}

run "a_host_learns_its_acquisition_and_ends_for_good" {
  assert {
    condition     = aws_launch_template.agent.metadata_options[0].http_tokens == "required"
    error_message = "metadata without a session token"
  }
  assert {
    condition     = aws_launch_template.agent.metadata_options[0].instance_metadata_tags == "enabled"
    error_message = "a host cannot read its tags"
  }
  assert {
    condition     = aws_launch_template.agent.instance_initiated_shutdown_behavior == "terminate"
    error_message = "a host that shuts down goes on to cost"
  }
  assert {
    condition     = length(aws_launch_template.efa) == 0
    error_message = "EFA was not asked for"
  }
}

run "user_data_is_our_boot_script_with_settings_and_names_of_secrets" {
  assert {
    condition     = startswith(base64decode(aws_launch_template.agent.user_data), "#!/bin/sh\nFETTLE_RELEASE='s3://team-fettle/fettle/releases/fettle.tar.gz'\n")
    error_message = "it does not begin with the release"
  }
  assert {
    condition = alltrue([for each in [
      "FETTLE_TEMPORAL_ADDRESS=temporal.example.com:7233\n", "FETTLE_TEMPORAL_NAMESPACE=fettle\n", "FETTLE_STORE=s3://team-fettle/fettle\n",
      "LAUNCH_ELASTIC=true\n", "LAUNCH_SECRETS=HF_TOKEN=ssm:/fettle/hf-token", "infra/launch/setup",
    ] : strcontains(base64decode(aws_launch_template.agent.user_data), each)])
    error_message = "a setting is missing"
  }
  assert {
    condition     = length(base64decode(aws_launch_template.agent.user_data)) < 16384
    error_message = "EC2 takes 16 KB of user data"
  }
}

run "the_control_plane_ends_hosts_with_its_own_mark_only" {
  assert {
    condition = alltrue([for each in jsondecode(aws_iam_role_policy.control_capacity.policy).Statement :
    each.Condition.StringLike["aws:ResourceTag/fettle-owner"] == "fettle-*" if contains(flatten([each.Action]), "ec2:TerminateInstances")])
    error_message = "it may end others' machines"
  }
  assert {
    condition = alltrue([for each in jsondecode(aws_iam_role_policy.control_capacity.policy).Statement :
    can(each.Condition) || each.Sid == "Look" || each.Sid == "AskForAFleet" || each.Sid == "AskForSpot" || each.Sid == "FindTheImage"])
    error_message = "a right without a condition"
  }
  assert {
    condition = length([for each in jsondecode(aws_iam_role_policy.control_capacity.policy).Statement :
    each if each.Effect == "Allow" && length([for action in flatten([each.Action]) : action if strcontains(action, "*")]) > 0]) == 0
    error_message = "a right to all actions of a kind"
  }
}

run "a_fleet_may_be_made_of_all_that_a_launch_names_and_of_nothing_else_of_the_account" {
  assert {
    condition = length([for each in jsondecode(aws_iam_role_policy.control_capacity.policy).Statement :
    each if contains(flatten([each.Action]), "ec2:CreateFleet")]) == 1
    error_message = "no fleet may be made"
  }
  assert {
    condition = alltrue([for each in jsondecode(aws_iam_role_policy.control_capacity.policy).Statement : alltrue([
      for part in ["image", "snapshot", "volume", "network-interface", "subnet", "security-group", "placement-group", "capacity-reservation",
      "spot-instances-request", "launch-template", "instance", "fleet"] : anytrue([for arn in flatten([each.Resource]) : strcontains(arn, ":${part}/")])
    ]) if contains(flatten([each.Action]), "ec2:CreateFleet")])
    error_message = "a launch would be refused"
  }
  # The Service Authorization Reference gives a spot request no ec2:LaunchTemplate: asked for, it is never equal
  assert {
    condition = [for each in jsondecode(aws_iam_role_policy.control_capacity.policy).Statement : try(each.Condition, null)
      if contains(flatten([each.Action]), "ec2:RunInstances")
    && anytrue([for arn in flatten([each.Resource]) : strcontains(arn, ":spot-instances-request/")])] == [null]
    error_message = "no spot machine would be launched"
  }
  assert {
    condition = alltrue([for each in jsondecode(aws_iam_role_policy.control_capacity.policy).Statement : alltrue([
      for arn in flatten([each.Resource]) : arn != "*" && !endswith(arn, ":subnet/*") && !endswith(arn, ":security-group/*") && !endswith(arn, ":launch-template/*")
    ]) if contains(flatten([each.Action]), "ec2:CreateFleet") || contains(flatten([each.Action]), "ec2:RunInstances")])
    error_message = "networks or templates of others may be used"
  }
}

run "the_control_plane_reads_the_image_that_is_named_and_nothing_else" {
  variables {
    image = "resolve:ssm:/team/gpu-image:3"
  }
  assert {
    condition = [for each in jsondecode(aws_iam_role_policy.control_capacity.policy).Statement : each.Resource if each.Sid == "FindTheImage"] == [
    ["arn:aws:ssm:eu-west-1:123456789012:parameter/team/gpu-image"]]
    error_message = "the parameter of the image cannot be read"
  }
}

run "a_public_image_is_of_no_account" {
  assert {
    condition = [for each in jsondecode(aws_iam_role_policy.control_capacity.policy).Statement : each.Resource if each.Sid == "FindTheImage"] == [
    ["arn:aws:ssm:eu-west-1::parameter/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id"]]
    error_message = "the default image cannot be read"
  }
}

run "an_image_by_its_id_needs_no_parameter" {
  variables {
    image       = "ami-0123456789abcdef0"
    root_device = "/dev/xvda"
  }
  assert {
    condition     = !strcontains(aws_iam_role_policy.control_capacity.policy, "ssm:")
    error_message = "a right to parameters that nothing needs"
  }
  assert {
    condition     = one(aws_launch_template.agent.block_device_mappings).device_name == "/dev/xvda"
    error_message = "the image's root stays small, and a second volume is made"
  }
}

run "the_mark_itself_is_stricter_than_the_namespace" {
  variables {
    owner = "fettle-0123456789"
  }
  assert {
    condition = alltrue([for each in jsondecode(aws_iam_role_policy.control_capacity.policy).Statement :
    each.Condition.StringLike["aws:ResourceTag/fettle-owner"] == "fettle-0123456789" if contains(flatten([each.Action]), "ec2:TerminateInstances")])
    error_message = "another installation's machines may be ended"
  }
}

run "an_agent_may_not_replace_the_release_that_agents_run" {
  assert {
    condition = length([for each in jsondecode(aws_iam_role_policy.agent.policy).Statement :
    each if each.Effect == "Deny" && strcontains(join(" ", flatten([each.Resource])), "/fettle/releases/*")]) == 1
    error_message = "releases can be written"
  }
}

run "hosts_with_efa_lie_close_together_in_one_zone" {
  variables {
    efa_zone = "eu-west-1b"
  }
  assert {
    condition     = aws_launch_template.efa[0].network_interfaces[0].interface_type == "efa"
    error_message = "no EFA"
  }
  assert {
    condition     = aws_placement_group.close[0].strategy == "cluster"
    error_message = "not close together"
  }
}

run "a_release_without_a_hash_is_refused" {
  command = plan
  variables {
    release = { key = "fettle.tar.gz", sha256 = "" }
  }
  expect_failures = [var.release]
}

run "a_secret_in_quotes_is_refused" {
  command = plan
  variables {
    settings = { FETTLE_TEMPORAL_ADDRESS = "a:1", X = "it's" }
  }
  expect_failures = [var.settings]
}
