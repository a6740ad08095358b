{{- define "fettle.labels" -}}
app.kubernetes.io/name: fettle
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "fettle.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "fettle.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "fettle.pullSecrets" -}}
imagePullSecrets:
  {{- range .Values.images.pullSecrets }}
  - name: {{ . }}
  {{- else }} []
  {{- end }}
{{- end }}

{{- define "fettle.environment" -}}
- {name: FETTLE_TEMPORAL_ADDRESS, value: {{ .Values.temporal.address | quote }}}
- {name: FETTLE_TEMPORAL_NAMESPACE, value: {{ .Values.temporal.namespace | quote }}}
{{- if or .Values.temporal.tls .Values.temporal.tlsSecret }}
- {name: FETTLE_TEMPORAL_TLS, value: "true"}
{{- end }}
{{- if .Values.temporal.tlsSecret }}
- {name: FETTLE_TEMPORAL_TLS_CERT, value: /etc/fettle/tls/tls.crt}
- {name: FETTLE_TEMPORAL_TLS_KEY, value: /etc/fettle/tls/tls.key}
{{- if .Values.temporal.tlsCa }}
- {name: FETTLE_TEMPORAL_TLS_CA, value: /etc/fettle/tls/ca.crt}
{{- end }}
{{- else if .Values.temporal.tlsCa }}
{{- fail "temporal.tlsCa is true, but temporal.tlsSecret names no secret that could have a ca.crt" }}
{{- end }}
- {name: FETTLE_STORE, value: {{ .Values.store | quote }}}
{{- with .Values.storeEndpoint }}
- {name: FETTLE_STORE_ENDPOINT, value: {{ . | quote }}}
{{- end }}
{{- range $name, $value := .Values.environment }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- range .Values.secrets }}
- name: {{ .name }}
  valueFrom: {secretKeyRef: {name: {{ .secret }}, key: {{ .key }}}}
{{- end }}
{{- end }}

{{- define "fettle.mounts" -}}
- {name: home, mountPath: /var/lib/fettle}
- {name: tmp, mountPath: /tmp}
{{- if .Values.temporal.tlsSecret }}
- {name: tls, mountPath: /etc/fettle/tls, readOnly: true}
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "fettle.volumes" -}}
- name: tmp
  emptyDir: {}
{{- with .Values.temporal.tlsSecret }}
- name: tls
  secret: {secretName: {{ . }}, defaultMode: 0440}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "fettle.claim" -}}
accessModes: [ReadWriteOnce]
resources: {requests: {storage: {{ .size }}}}
{{- with .class }}
storageClassName: {{ . }}
{{- end }}
{{- end }}

{{- define "fettle.probes" -}}
# The ready file appears once the worker polls. No liveness probe: a worker whose server is away is healthy, and in an
# agent's pod a trainer runs that such a probe would kill.
startupProbe:
  exec: {command: [test, -f, /tmp/ready]}
  periodSeconds: 5
  failureThreshold: 60
readinessProbe:
  exec: {command: [test, -f, /tmp/ready]}
  periodSeconds: 10
{{- end }}
