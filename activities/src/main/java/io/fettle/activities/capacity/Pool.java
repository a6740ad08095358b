package io.fettle.activities.capacity;

import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostDescription;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import java.io.IOException;
import java.util.Optional;

/** One provider and account. Every call may be repeated; a repeat never launches a second host. */
public interface Pool {
  String name();

  /** What it would give for this shape now; empty where it has nothing. */
  Optional<Offer> offer(String shape) throws IOException;

  /** Makes sure that one host exists for the token; empty where there is no room after all. */
  Optional<Acquisition> acquire(AcquireRequest request) throws IOException;

  HostDescription describe(DescribeRequest request) throws IOException;

  void release(ReleaseRequest request) throws IOException;
}
