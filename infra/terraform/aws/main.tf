terraform {
  required_version = ">= 1.7"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = var.region
  default_tags {
    tags = { fettle = var.name }
  }
}

data "aws_caller_identity" "current" {}

locals {
  account  = data.aws_caller_identity.current.account_id
  ec2      = "arn:aws:ec2:${var.region}:${local.account}"
  bucket   = "arn:aws:s3:::${var.bucket}"
  store    = "s3://${var.bucket}/${var.prefix}"
  releases = "${var.prefix}/releases/"
  # As capacity.elastic.Owner writes the namespace
  owner = coalesce(var.owner, "${replace(lower(var.namespace), "/[^a-z0-9]+/", "-")}-*")
}
