package io.fettle.workers.control;

import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds the activities from their capabilities' factories. */
@Configuration(proxyBeanMethods = false)
class ActivityWiring {

  @Bean
  ControlActivities activities() {
    return new ControlActivities(List.of(), List.of());
  }
}
