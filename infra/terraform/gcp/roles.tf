# --- Agents: their bucket, their secrets, their own end

resource "google_service_account" "agent" {
  account_id   = "${var.name}-agent"
  display_name = "Fettle's GPU hosts"
}

resource "google_storage_bucket_iam_member" "agent" {
  bucket = google_storage_bucket.store.name
  role   = "roles/storage.objectUser"
  member = google_service_account.agent.member
  condition {
    title      = "all but releases" # an agent runs what is in a release, so it must not be able to put one there
    expression = "(${local.under}\") && !${local.under}releases/\")) || ${local.lists}"
  }
}

resource "google_storage_bucket_iam_member" "agent_releases" {
  bucket = google_storage_bucket.store.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.agent.member
  condition {
    title      = "releases"
    expression = "${local.under}releases/\")"
  }
}

resource "google_secret_manager_secret_iam_member" "agent" {
  for_each  = var.secrets
  secret_id = each.value
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.agent.member
}

# A VM that only stops keeps its disk and its name.
resource "google_project_iam_custom_role" "end" {
  role_id     = "${replace(var.name, "-", "_")}_end"
  title       = "Fettle: a host deletes itself"
  permissions = ["compute.instances.delete"]
}

resource "google_project_iam_member" "agent_end" {
  project = var.project
  role    = google_project_iam_custom_role.end.id
  member  = google_service_account.agent.member
  condition {
    title      = "hosts of ${var.name}"
    expression = "resource.name.extract(\"/instances/{name}\").startsWith(\"${var.name}-\")"
  }
}

# --- The control plane: launches, sees and deletes machines with its own names

resource "google_service_account" "control" {
  account_id   = "${var.name}-control"
  display_name = "Fettle's control plane"
}

resource "google_storage_bucket_iam_member" "control" {
  bucket = google_storage_bucket.store.name
  role   = "roles/storage.objectUser"
  member = google_service_account.control.member
  condition {
    title      = "its prefix"
    expression = "${local.under}\") || ${local.lists}"
  }
}

resource "google_project_iam_custom_role" "look" {
  role_id = "${replace(var.name, "-", "_")}_look"
  title   = "Fettle: what there is"
  permissions = [
    "compute.instances.list", "compute.zoneOperations.get", "compute.zoneOperations.list", "compute.instanceTemplates.get",
    "compute.instanceTemplates.useReadOnly", "compute.images.useReadOnly", "compute.subnetworks.use",
    "compute.subnetworks.useExternalIp",
  ]
}

resource "google_project_iam_member" "control_look" {
  project = var.project
  role    = google_project_iam_custom_role.look.id
  member  = google_service_account.control.member
}

resource "google_project_iam_custom_role" "launch" {
  role_id = "${replace(var.name, "-", "_")}_launch"
  title   = "Fettle: launch and end hosts"
  permissions = [
    "compute.instances.create", "compute.instances.delete", "compute.instances.get", "compute.instances.setLabels",
    "compute.instances.setMetadata", "compute.instances.setServiceAccount", "compute.instances.setTags", "compute.disks.create",
  ]
}

resource "google_project_iam_member" "control_launch" {
  project = var.project
  role    = google_project_iam_custom_role.launch.id
  member  = google_service_account.control.member
  condition {
    title = "hosts of ${var.name}"
    expression = join(" || ", [for kind in ["instances", "disks"] :
    "resource.name.extract(\"/${kind}/{name}\").startsWith(\"${var.name}-\")"])
  }
}

resource "google_service_account_iam_member" "control_hands_the_agent_its_account" {
  service_account_id = google_service_account.agent.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.control.member
}
