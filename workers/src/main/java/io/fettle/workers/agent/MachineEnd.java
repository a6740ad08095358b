package io.fettle.workers.agent;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the machine of this agent.
 *
 * @param command as {@code systemctl poweroff}, where a powered-off machine is a terminated one;
 *     empty: there is none
 * @param process ends this process
 */
record MachineEnd(List<String> command, Runnable process) implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(MachineEnd.class);

  MachineEnd {
    command = List.copyOf(command);
  }

  @Override
  public void run() {
    try {
      if (!command.isEmpty()) {
        LOG.info("ending this machine: {}", String.join(" ", command));
        new ProcessBuilder(command).inheritIO().start();
      }
    } catch (IOException e) {
      LOG.error("this machine cannot be ended, and goes on costing: {}", e.toString());
    }
    process.run();
  }
}
