locals {
  settings = merge({ FETTLE_TEMPORAL_NAMESPACE = var.namespace }, var.settings, {
    AGENT_POOL     = var.pool
    FETTLE_STORE   = local.store
    LAUNCH_ELASTIC = "true" # each host is launched for one acquisition, and says which by its attributes
    }, length(var.secrets) == 0 ? {} : {
    LAUNCH_SECRETS = join(" ", [for name, secret in var.secrets : "${name}=gcp:projects/${var.project}/secrets/${secret}"])
  })

  startup = join("\n", [
    "#!/bin/sh",
    "FETTLE_RELEASE='gs://${var.bucket}/${var.release.key}'",
    "FETTLE_RELEASE_SHA256=${var.release.sha256}",
    "FETTLE_SETTINGS='${join("\n", [for name, value in local.settings : "${name}=${value}"])}'",
    file("${path.module}/../../launch/boot"),
  ])
}

# A launch names zone, machine type, market and marks; everything else of a host is here. What it is for comes as the
# attributes fettle-acquisition, fettle-pool and fettle-shape: labels cannot be read from inside.
resource "google_compute_instance_template" "agent" {
  name         = var.name # pools name it, so it keeps it: replaced in place, and a launch meanwhile waits
  machine_type = var.machine_type

  disk {
    source_image = var.image
    disk_size_gb = var.root_gigabytes
    disk_type    = "pd-balanced"
    boot         = true
    auto_delete  = true
  }

  network_interface {
    subnetwork = google_compute_subnetwork.hosts.id
    access_config {} # an address of its own, so that no NAT costs by the hour
  }

  service_account {
    email  = google_service_account.agent.email
    scopes = ["cloud-platform"] # what it may do, its roles say
  }

  scheduling {
    provisioning_model          = "SPOT"
    preemptible                 = true
    automatic_restart           = false
    on_host_maintenance         = "TERMINATE" # a VM with a GPU cannot move
    instance_termination_action = "DELETE"    # a stopped one keeps its disk and its name
    max_run_duration {
      seconds = var.longest
    }
  }

  shielded_instance_config {
    enable_vtpm                 = true
    enable_integrity_monitoring = true
  }

  metadata = {
    startup-script         = local.startup
    shutdown-script        = "#!/bin/sh\nexec /opt/fettle/infra/launch/hold 25\n"
    block-project-ssh-keys = "true"
    enable-oslogin         = "TRUE"
  }
}
