package io.fettle.workers.control;

import io.fettle.workers.settings.FettleSettings;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/** The process that decides: it runs the workflows, and the steps that need no GPU. */
@SpringBootConfiguration
@EnableConfigurationProperties({FettleSettings.class, ControlSettings.class})
@Import({ControlWiring.class, ActivityWiring.class})
public class ControlWorker {

  /** Runs until it is told to stop. */
  public static void main(String[] args) {
    new SpringApplicationBuilder(ControlWorker.class)
        .bannerMode(Banner.Mode.OFF)
        .properties("spring.main.keep-alive=true", "spring.jmx.enabled=false")
        .run(args);
  }
}
