variable "name" {
  description = "Begins the name of everything, and names the launch template."
  type        = string
  default     = "fettle"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,19}$", var.name))
    error_message = "name is at most 20 of a-z 0-9 -, and begins with a letter."
  }
}

variable "region" {
  description = "Where everything is."
  type        = string
}

variable "zones" {
  description = "Availability zones that hosts may be put in; more zones, more spot capacity."
  type        = list(string)
}

variable "cidr" {
  description = "Addresses of the network; a /16 gives each zone a /20."
  type        = string
  default     = "10.77.0.0/16"
}

variable "bucket" {
  description = "Name of the bucket for all runs; names of buckets are taken world-wide."
  type        = string
}

variable "prefix" {
  description = "Under which all keys of the bucket lie."
  type        = string
  default     = "fettle"
}

variable "namespace" {
  description = "The Temporal namespace. Hosts are marked fettle-owner = NAMESPACE-NUMBER, the number drawn once for each store."
  type        = string
  default     = "fettle"
}

variable "owner" {
  description = "The mark itself, once capacity/owner is in the store: two installations of one name then end no host of each other's."
  type        = string
  default     = null
}

variable "pool" {
  description = "The pool's name in pools.yaml."
  type        = string
  default     = "aws"
}

variable "release" {
  description = "The archive of infra/launch/pack: its key in the bucket, and its SHA-256."
  type        = object({ key = string, sha256 = string })
  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.release.sha256))
    error_message = "release.sha256 is what infra/launch/pack printed: 64 of 0-9 a-f."
  }
}

variable "settings" {
  description = "Settings of the agents, as FETTLE_TEMPORAL_ADDRESS. Whoever may describe an instance reads them: no secrets."
  type        = map(string)
  validation {
    condition     = contains(keys(var.settings), "FETTLE_TEMPORAL_ADDRESS")
    error_message = "settings needs FETTLE_TEMPORAL_ADDRESS, as temporal.example.com:7233."
  }
  validation {
    condition     = !anytrue([for each in values(var.settings) : length(regexall("['\n]", each)) > 0])
    error_message = "a setting holds a quote or a line break."
  }
}

variable "secrets" {
  description = "Agents' secrets by name: environment variable to SSM parameter, as { HF_TOKEN = \"/fettle/hf-token\" }."
  type        = map(string)
  default     = {}
}

variable "image" {
  description = "Machine image with an NVIDIA driver and the AWS command line: an id, or resolve:ssm:PARAMETER."
  type        = string
  default     = "resolve:ssm:/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-22.04/latest/ami-id"
}

variable "root_device" {
  description = "The image's root, as aws ec2 describe-images says: /dev/xvda of Amazon Linux. With another name the size is a second volume's."
  type        = string
  default     = "/dev/sda1" # Ubuntu
}

variable "root_gigabytes" {
  description = "The root volume: environments lie there. Data and checkpoints go to the machine's own NVMe where it has any."
  type        = number
  default     = 120
}

variable "efa_zone" {
  description = "A zone in which hosts of a second launch template, NAME-efa, lie close together with EFA; null: none."
  type        = string
  default     = null
}

variable "control_trust" {
  description = "Who may become the control role: principals of a trust policy, as { Service = \"ec2.amazonaws.com\" }."
  type        = map(any)
  default     = { Service = "ec2.amazonaws.com" }
}

variable "service_linked_roles" {
  description = "Make the account's roles for EC2 Fleet and Spot; false where the account has them already."
  type        = bool
  default     = true
}
