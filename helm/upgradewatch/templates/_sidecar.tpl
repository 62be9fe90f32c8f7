{{/*
The sidecar: an entry of initContainers that keeps running beside the application. It has no startup probe, which would hold
up the application while it starts, and no readiness probe, which would take the application out of service with it.
*/}}
{{- define "upgradewatch.sidecar" -}}
- {{ include "upgradewatch.container" . | nindent 2 | trim }}
  restartPolicy: Always
  livenessProbe:
    {{- include "upgradewatch.probe" (list . "/livez" .Values.probes.liveness) | nindent 4 }}
{{- end }}

{{/* The volumes of the sidecar. */}}
{{- define "upgradewatch.sidecar.volumes" -}}
{{- include "upgradewatch.volumes" . -}}
{{- end }}

{{/* Annotations of the application's pods: a changed configuration restarts them. */}}
{{- define "upgradewatch.sidecar.annotations" -}}
checksum/config: {{ include "upgradewatch.config" . | sha256sum }}
{{- end }}
