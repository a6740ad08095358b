package io.fettle.workers.agent;

import io.fettle.workers.settings.FettleSettings;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/** The process of one host: it is claimed, stages, trains, and tells when the host must leave. */
@SpringBootConfiguration
@EnableConfigurationProperties({FettleSettings.class, AgentSettings.class})
@Import({HostWiring.class, AgentWiring.class})
public class Agent {

  /** Runs until it is told to stop. Trainers outlive it. */
  public static void main(String[] args) {
    new SpringApplicationBuilder(Agent.class)
        .bannerMode(Banner.Mode.OFF)
        .properties("spring.main.keep-alive=true", "spring.jmx.enabled=false")
        .run(args);
  }
}
