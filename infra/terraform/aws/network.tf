resource "aws_vpc" "hosts" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = var.name }
}

resource "aws_internet_gateway" "hosts" {
  vpc_id = aws_vpc.hosts.id
}

# Public addresses, so that no NAT gateway costs by the hour and the gigabyte; nothing from outside may connect.
resource "aws_subnet" "zone" {
  for_each                = { for index, zone in var.zones : zone => index }
  vpc_id                  = aws_vpc.hosts.id
  availability_zone       = each.key
  cidr_block              = cidrsubnet(var.cidr, 4, each.value)
  map_public_ip_on_launch = true
  tags                    = { Name = "${var.name}-${each.key}" }
}

resource "aws_route_table" "hosts" {
  vpc_id = aws_vpc.hosts.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.hosts.id
  }
}

resource "aws_route_table_association" "zone" {
  for_each       = aws_subnet.zone
  subnet_id      = each.value.id
  route_table_id = aws_route_table.hosts.id
}

# Checkpoints and models go to S3 without leaving the network, and free of charge.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.hosts.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.hosts.id]
}

resource "aws_security_group" "host" {
  name        = "${var.name}-host"
  description = "Fettle hosts: out to anywhere, in from nowhere"
  vpc_id      = aws_vpc.hosts.id
}

resource "aws_vpc_security_group_egress_rule" "host" {
  security_group_id = aws_security_group.host.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

# EFA wants all traffic in and out to the group itself: an egress rule for 0.0.0.0/0 does not count.
resource "aws_security_group" "efa" {
  name        = "${var.name}-efa"
  description = "Fettle hosts among themselves"
  vpc_id      = aws_vpc.hosts.id
}

resource "aws_vpc_security_group_ingress_rule" "efa" {
  security_group_id            = aws_security_group.efa.id
  ip_protocol                  = "-1"
  referenced_security_group_id = aws_security_group.efa.id
}

resource "aws_vpc_security_group_egress_rule" "efa" {
  security_group_id            = aws_security_group.efa.id
  ip_protocol                  = "-1"
  referenced_security_group_id = aws_security_group.efa.id
}

resource "aws_placement_group" "close" {
  count    = var.efa_zone == null ? 0 : 1
  name     = "${var.name}-close"
  strategy = "cluster"
}
