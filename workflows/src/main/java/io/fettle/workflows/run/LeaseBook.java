package io.fettle.workflows.run;

import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.Interruption;
import io.fettle.workflows.training.Lease;

/** Who writes down what becomes of a train's leases. */
interface LeaseBook {
  /** A probe's leases are in its own ledger, and no part of the run's story. */
  LeaseBook UNWRITTEN =
      new LeaseBook() {
        @Override
        public void opened(Lease lease) {}

        @Override
        public void finished(Checkpoint checkpoint) {}

        @Override
        public void interrupted(Interruption interruption) {}

        @Override
        public void crashesSpent(int spent) {}
      };

  void opened(Lease lease);

  void finished(Checkpoint checkpoint);

  void interrupted(Interruption interruption);

  void crashesSpent(int spent);
}
