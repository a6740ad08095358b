variable "name" {
  description = "Begins the name of everything."
  type        = string
  default     = "fettle"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,19}$", var.name))
    error_message = "name is at most 20 of a-z 0-9 -, and begins with a letter."
  }
}

variable "project" {
  description = "The project's id."
  type        = string
}

variable "region" {
  description = "Where bucket and network are."
  type        = string
}

variable "zones" {
  description = "Zones of the region that hosts may be put in, tried in turn."
  type        = list(string)
}

variable "bucket" {
  description = "Name of the bucket for all runs; names of buckets are taken world-wide."
  type        = string
}

variable "prefix" {
  description = "Under which all names of the bucket lie."
  type        = string
  default     = "fettle"
}

variable "namespace" {
  description = "The Temporal namespace. Hosts are labelled fettle-owner = NAMESPACE-NUMBER, the number drawn once for each store."
  type        = string
  default     = "fettle"
}

variable "pool" {
  description = "The pool's name in pools.yaml."
  type        = string
  default     = "gcp"
}

variable "release" {
  description = "The archive of infra/launch/pack: its name in the bucket, and its SHA-256."
  type        = object({ key = string, sha256 = string })
  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.release.sha256))
    error_message = "release.sha256 is what infra/launch/pack printed: 64 of 0-9 a-f."
  }
}

variable "settings" {
  description = "Settings of the agents, as FETTLE_TEMPORAL_ADDRESS. Whoever may see an instance reads them: no secrets."
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
  description = "Agents' secrets by name: environment variable to the id of a Secret Manager secret of the project."
  type        = map(string)
  default     = {}
}

variable "image" {
  description = "Machine image with an NVIDIA driver and gcloud, as projects/P/global/images/family/F."
  type        = string
}

variable "machine_type" {
  description = "The template's; a launch names its own."
  type        = string
  default     = "g2-standard-8"
}

variable "root_gigabytes" {
  description = "The boot disk: environments lie there. Data and checkpoints go to Local SSD where the machine has any."
  type        = number
  default     = 120
}

variable "longest" {
  description = "Seconds after which Compute Engine deletes a host whatever happens; the last resort."
  type        = number
  default     = 604800
}
