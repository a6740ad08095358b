resource "google_compute_network" "hosts" {
  name                    = var.name
  auto_create_subnetworks = false
}

# Nothing from outside may connect: a network of one's own has no rule that lets anything in.
resource "google_compute_subnetwork" "hosts" {
  name                     = var.name
  network                  = google_compute_network.hosts.id
  region                   = var.region
  ip_cidr_range            = "10.77.0.0/16"
  private_ip_google_access = true # the bucket is reached without the internet
}

# Hosts of one job among themselves: NCCL takes any port.
resource "google_compute_firewall" "among_hosts" {
  name                    = "${var.name}-among-hosts"
  network                 = google_compute_network.hosts.id
  source_service_accounts = [google_service_account.agent.email]
  target_service_accounts = [google_service_account.agent.email]
  allow {
    protocol = "all"
  }
}

# Hosts that lie close together; a launch that wants it names it.
resource "google_compute_resource_policy" "close" {
  name   = "${var.name}-close"
  region = var.region
  group_placement_policy {
    collocation = "COLLOCATED"
  }
}
