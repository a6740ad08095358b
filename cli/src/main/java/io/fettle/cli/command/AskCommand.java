package io.fettle.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.cli.runs.Endpoint;
import io.fettle.cli.runs.Questions;
import io.fettle.cli.runs.Records;
import io.fettle.workflows.wire.Wire;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "ask",
    description = "Puts a question to the model that an endpoint serves.",
    mixinStandardHelpOptions = true)
public final class AskCommand implements Callable<Integer> {
  private static final int MANY_TOKENS = 256;

  @Mixin private Output output;

  @Parameters(
      index = "0..*",
      arity = "1..*",
      paramLabel = "QUESTION",
      description = "The question.")
  private List<String> words;

  @Option(
      names = {"-e", "--endpoint"},
      paramLabel = "NAME",
      description = "The endpoint; not needed where there is one.")
  private @Nullable String endpoint;

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "The system message (default: the one that the model was trained with).")
  private @Nullable String system;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "The longest answer (default: as the evaluation allowed).")
  private @Nullable Integer maxTokens;

  record Result(String endpoint, String modelId, String answer) {}

  @Override
  public Integer call() throws InterruptedException {
    var cluster = LocalCluster.current(Progress.silent());
    try (var connection = cluster.connect();
        var records = Records.in(cluster.store())) {
      var asked = endpoint(cluster, connection.client());
      var form = records.newest(asked.run()).map(record -> new Questions(records, record));
      int limit =
          maxTokens != null ? maxTokens : form.map(Questions::maxTokens).orElse(MANY_TOKENS);
      var answer = asked.ask(messages(form.orElse(null)), limit);
      output.say(answer);
      output.result(new Result(asked.name(), asked.modelId(), answer));
    }
    return ExitCode.DONE.code();
  }

  private List<JsonNode> messages(@Nullable Questions form) {
    var text = String.join(" ", words);
    if (system == null && form != null) {
      return form.chat(text);
    }
    var messages = new ArrayList<JsonNode>();
    if (system != null) {
      messages.add(message("system", system));
    }
    messages.add(message("user", text));
    return messages;
  }

  private static JsonNode message(String role, String content) {
    return Wire.mapper().valueToTree(Map.of("role", role, "content", content));
  }

  private Endpoint endpoint(LocalCluster cluster, WorkflowClient client) {
    var name = chosen(cluster.status().endpoints(), endpoint);
    URI url = cluster.endpoint(name).orElseThrow();
    try {
      return Endpoint.of(client, name, url);
    } catch (WorkflowException away) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "the control worker does not say what %s serves; `fettle up` starts it".formatted(name),
          away);
    }
  }

  /** The endpoint that is meant: the one named, or the only one. */
  static String chosen(Map<String, String> endpoints, @Nullable String named) {
    if (endpoints.isEmpty()) {
      throw new CommandFailure(
          ExitCode.INVALID, "nothing is deployed yet; `fettle run SPEC` or `fettle demo` deploys");
    }
    if (named != null && !endpoints.containsKey(named)) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "no endpoint is called %s; there is %s".formatted(named, endpoints.keySet()));
    }
    if (named == null && endpoints.size() > 1) {
      throw new CommandFailure(
          ExitCode.INVALID, "several endpoints answer; say which with -e: " + endpoints.keySet());
    }
    return named != null ? named : endpoints.keySet().iterator().next();
  }
}
