{{/* The container, but for what a Deployment and a sidecar do differently. */}}
{{- define "upgradewatch.container" -}}
{{- $scheme := ternary "https" "http" (not (empty .Values.api.tlsSecret)) -}}
{{- $address := ternary .Values.listenAddress "127.0.0.1" .Values.api.expose -}}
name: upgradewatch
image: {{ include "upgradewatch.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
args:
  - serve
  - --config
  - /etc/upgradewatch/upgradewatch.yaml
  - --urls
  - {{ printf "%s://%s:%d" $scheme $address (int .Values.api.port) | quote }}
  - --metrics-urls
  - {{ printf "http://%s:%d" .Values.listenAddress (int .Values.metrics.port) | quote }}
ports:
  - name: uw-metrics
    containerPort: {{ .Values.metrics.port }}
    protocol: TCP
  {{- if .Values.api.expose }}
  - name: uw-api
    containerPort: {{ .Values.api.port }}
    protocol: TCP
  {{- end }}
{{- $env := "" }}
{{- if .Values.existingConfigMap }}
{{- $env = include "upgradewatch.env" (list "UPGRADEWATCH" (include "upgradewatch.settings" . | fromYaml)) }}
{{- end }}
{{- if or $env .Values.extraEnv }}
env:
  {{- with $env }}
  {{- trim . | nindent 2 }}
  {{- end }}
  {{- with .Values.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- with .Values.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  - name: upgradewatch-config
    mountPath: /etc/upgradewatch
    readOnly: true
  - name: upgradewatch-state
    mountPath: /var/lib/upgradewatch
  {{- range $name, $secret := include "upgradewatch.secrets" . | fromYaml }}
  - name: upgradewatch-{{ $name }}
    mountPath: /var/run/secrets/upgradewatch/{{ $name }}
    readOnly: true
  {{- end }}
  {{- if eq (include "upgradewatch.bringsToken" .) "true" }}
  - name: upgradewatch-account
    mountPath: /var/run/secrets/kubernetes.io/serviceaccount
    readOnly: true
  {{- end }}
  {{- with .Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* "true" when the sidecar brings the token of the service account itself, so that the application need not have it. */}}
{{- define "upgradewatch.bringsToken" -}}
{{- and .Values.kubernetes.enabled (eq .Values.mode "sidecar") -}}
{{- end }}

{{/*
The volumes. Everything is mounted as a directory, never by subPath, so that what changes is seen without a restart. The
files of a Secret belong to root: the group of a Deployment's pod may read them; a sidecar's pod has a group of its own.
*/}}
{{- define "upgradewatch.volumes" -}}
{{- $mode := ternary 0444 0440 (eq .Values.mode "sidecar") -}}
- name: upgradewatch-config
  configMap:
    name: {{ include "upgradewatch.configMapName" . }}
- name: upgradewatch-state
  {{- if and .Values.persistence.enabled (not (include "upgradewatch.usesPostgres" .)) }}
  persistentVolumeClaim:
    claimName: {{ include "upgradewatch.claimName" . }}
  {{- else }}
  emptyDir: {}
  {{- end }}
{{- range $name, $secret := include "upgradewatch.secrets" . | fromYaml }}
- name: upgradewatch-{{ $name }}
  secret:
    {{- toYaml $secret | nindent 4 }}
    defaultMode: {{ $mode }}
{{- end }}
{{- if eq (include "upgradewatch.bringsToken" .) "true" }}
- name: upgradewatch-account
  projected:
    defaultMode: {{ $mode }}
    sources:
      - serviceAccountToken:
          path: token
          expirationSeconds: 3607
      - configMap:
          name: kube-root-ca.crt
          items:
            - key: ca.crt
              path: ca.crt
      - downwardAPI:
          items:
            - path: namespace
              fieldRef:
                fieldPath: metadata.namespace
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* A probe, by a list of scope, path and times. */}}
{{- define "upgradewatch.probe" -}}
httpGet:
  path: {{ index . 1 }}
  port: uw-metrics
{{ toYaml (index . 2) }}
{{- end }}
