# No provider of Google's was at hand where this was written: its syntax is checked, its arguments have met nothing yet.
terraform {
  required_version = ">= 1.7"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.0"
    }
  }
}

provider "google" {
  project = var.project
  region  = var.region
}

locals {
  store = "gs://${var.bucket}/${var.prefix}"
  # Objects under the prefix, and lists of them, as docs/guides/stores.md has it
  under = "resource.name.startsWith(\"projects/_/buckets/${var.bucket}/objects/${var.prefix}/"
  lists = "api.getAttribute(\"storage.googleapis.com/objectListPrefix\", \"\").startsWith(\"${var.prefix}/\")"
}
