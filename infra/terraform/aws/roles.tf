# --- Agents: their bucket, their secrets, nothing else

resource "aws_iam_role" "agent" {
  name = "${var.name}-agent"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_instance_profile" "agent" {
  name = "${var.name}-agent"
  role = aws_iam_role.agent.name
}

locals {
  # A look-up carries no prefix, hence IfExists: without the right to list, S3 answers 403 where an object is not there.
  store_access = [
    {
      Sid       = "ListTheStore"
      Effect    = "Allow"
      Action    = ["s3:ListBucket", "s3:ListBucketMultipartUploads"]
      Resource  = local.bucket
      Condition = { StringLikeIfExists = { "s3:prefix" = ["${var.prefix}/*"] } }
    },
    {
      Sid      = "UseTheStore"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
      Resource = "${local.bucket}/${var.prefix}/*"
    },
  ]
  # An agent runs what is in a release, so it must not be able to put one there.
  releases_are_read_only = [{
    Sid      = "ReleasesAreReadOnly"
    Effect   = "Deny"
    Action   = ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
    Resource = "${local.bucket}/${local.releases}*"
  }]
  agent_secrets = length(var.secrets) == 0 ? [] : [{
    Sid      = "ReadItsSecrets"
    Effect   = "Allow"
    Action   = ["ssm:GetParameter"]
    Resource = [for each in values(var.secrets) : "arn:aws:ssm:${var.region}:${local.account}:parameter${each}"]
  }]
}

resource "aws_iam_role_policy" "agent" {
  name = "store"
  role = aws_iam_role.agent.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.store_access, local.releases_are_read_only, local.agent_secrets)
  })
}

# --- The control plane: launches by our templates alone, ends its own hosts alone

resource "aws_iam_role" "control" {
  name = "${var.name}-control"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = var.control_trust, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_instance_profile" "control" {
  name = "${var.name}-control"
  role = aws_iam_role.control.name
}

locals {
  # Where the image is resolve:ssm:PARAMETER: by its name, or by its ARN where another account shares it; a version may follow
  image_parameter = try(regex("^resolve:ssm:(arn:[^:]+:ssm:[^:]*:[^:]*:parameter/[^:]+|[^:]+)", var.image)[0], null)
  image_parameters = local.image_parameter == null ? [] : [
    startswith(local.image_parameter, "arn:") ? local.image_parameter :
    startswith(local.image_parameter, "/aws/service/") ? "arn:aws:ssm:${var.region}::parameter${local.image_parameter}" :
    "arn:aws:ssm:${var.region}:${local.account}:parameter/${trimprefix(local.image_parameter, "/")}"
  ]

  # What a host is made of. CreateFleet is allowed or not by these too, as the policies of Karpenter's controller and EMR's
  # service (AmazonEMRServicePolicy_v2) have it; which keys of a condition it knows of them is not documented alike, so none is asked.
  parts = concat(values(aws_subnet.zone)[*].arn, [
    "arn:aws:ec2:${var.region}::image/*", "arn:aws:ec2:${var.region}::snapshot/*", "${local.ec2}:volume/*",
    "${local.ec2}:network-interface/*",
    "${local.ec2}:security-group/${aws_security_group.host.id}", "${local.ec2}:security-group/${aws_security_group.efa.id}",
    "${local.ec2}:placement-group/${var.name}*", "${local.ec2}:capacity-reservation/*",
  ])

  spot = "${local.ec2}:spot-instances-request/*"

  templates = [for each in concat([aws_launch_template.agent.arn], aws_launch_template.efa[*].arn) : each]

  capacity = concat([
    {
      Sid    = "Look" # these actions know no resources
      Effect = "Allow"
      Action = [
        "ec2:DescribeInstances", "ec2:DescribeInstanceTypes", "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeSpotPriceHistory", "ec2:DescribeSpotInstanceRequests", "ec2:DescribeFleets",
        "ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions", "ec2:DescribeSubnets",
        "ec2:GetSpotPlacementScores",
      ]
      Resource = "*"
    },
    {
      Sid      = "AskForAFleet" # what an instant fleet launches is held to RunInstances, below
      Effect   = "Allow"
      Action   = "ec2:CreateFleet"
      Resource = concat(["${local.ec2}:fleet/*", "${local.ec2}:instance/*"], local.templates, local.parts, [local.spot])
    },
    {
      Sid      = "LaunchOursByOurTemplates" # a host without the mark could neither be found nor ended
      Effect   = "Allow"
      Action   = "ec2:RunInstances"
      Resource = "${local.ec2}:instance/*"
      Condition = {
        ArnEquals  = { "ec2:LaunchTemplate" = local.templates }
        StringLike = { "aws:RequestTag/fettle-owner" = local.owner }
      }
    },
    {
      Sid       = "LaunchWithWhatTheTemplatesName"
      Effect    = "Allow"
      Action    = "ec2:RunInstances"
      Resource  = concat(local.templates, local.parts)
      Condition = { ArnEquals = { "ec2:LaunchTemplate" = local.templates } }
    },
    {
      Sid      = "AskForSpot" # it is checked for RunInstances too, and knows no ec2:LaunchTemplate; the instance, above, does
      Effect   = "Allow"
      Action   = "ec2:RunInstances"
      Resource = local.spot
    },
    {
      Sid       = "MarkAtLaunchOnly"
      Effect    = "Allow"
      Action    = "ec2:CreateTags"
      Resource  = ["${local.ec2}:instance/*", "${local.ec2}:volume/*", "${local.ec2}:fleet/*", local.spot]
      Condition = { StringEquals = { "ec2:CreateAction" = ["CreateFleet", "RunInstances"] } }
    },
    {
      Sid       = "EndOurs"
      Effect    = "Allow"
      Action    = "ec2:TerminateInstances"
      Resource  = "${local.ec2}:instance/*"
      Condition = { StringLike = { "aws:ResourceTag/fettle-owner" = local.owner } }
    },
    {
      Sid       = "HandTheAgentItsRole"
      Effect    = "Allow"
      Action    = "iam:PassRole"
      Resource  = aws_iam_role.agent.arn
      Condition = { StringEquals = { "iam:PassedToService" = "ec2.amazonaws.com" } }
    }
    ], length(local.image_parameters) == 0 ? [] : [{
      Sid      = "FindTheImage" # EC2 has been seen to ask for the one and for the other
      Effect   = "Allow"
      Action   = ["ssm:GetParameter", "ssm:GetParameters"]
      Resource = local.image_parameters
  }])
}

resource "aws_iam_role_policy" "control_store" {
  name   = "store"
  role   = aws_iam_role.control.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.store_access })
}

resource "aws_iam_role_policy" "control_capacity" {
  name   = "capacity"
  role   = aws_iam_role.control.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.capacity })
}

resource "aws_iam_service_linked_role" "ec2" {
  for_each         = var.service_linked_roles ? toset(["spot.amazonaws.com", "ec2fleet.amazonaws.com"]) : toset([])
  aws_service_name = each.value
}
