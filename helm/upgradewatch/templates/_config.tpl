{{/* "true" when the state is in PostgreSQL, as far as the chart can see. */}}
{{- define "upgradewatch.usesPostgres" -}}
{{- if or .Values.postgres.connectionString (dig "storage" "postgres" "" .Values.config) }}true{{ end -}}
{{- end }}

{{/* Every Secret that is mounted, below /var/run/secrets/upgradewatch: name -> secretName, items. */}}
{{- define "upgradewatch.secrets" -}}
{{- $secrets := dict -}}
{{- range $name, $secret := .Values.secretFiles -}}
{{- $_ := set $secrets $name (dict "secretName" $secret.secretName) -}}
{{- end -}}
{{- with .Values.postgres.passwordSecret -}}
{{- if .name -}}
{{- $_ := set $secrets "postgres" (dict "secretName" .name "items" (list (dict "key" .key "path" "password"))) -}}
{{- end -}}
{{- end -}}
{{- with .Values.api.tokenSecret -}}
{{- if .name -}}
{{- $_ := set $secrets "tokens" (dict "secretName" .name "items" (list (dict "key" .key "path" "tokens"))) -}}
{{- end -}}
{{- end -}}
{{- with .Values.api.tlsSecret -}}
{{- $_ := set $secrets "tls" (dict "secretName" .) -}}
{{- end -}}
{{- toYaml $secrets -}}
{{- end }}

{{/* Names the API answers for when it is exposed. */}}
{{- define "upgradewatch.allowedHosts" -}}
{{- $full := include "upgradewatch.fullname" . -}}
{{- $hosts := list "localhost" "127.0.0.1" "[::1]" $full (printf "%s.%s" $full .Release.Namespace) (printf "%s.%s.svc" $full .Release.Namespace) (printf "%s.%s.svc.%s" $full .Release.Namespace .Values.clusterDomain) -}}
{{- $hosts = concat $hosts .Values.api.allowedHosts -}}
{{- if .Values.ingress.enabled -}}
{{- $hosts = concat $hosts .Values.ingress.hosts -}}
{{- end -}}
{{- toYaml (uniq $hosts) -}}
{{- end }}

{{/* What the chart sets itself in the configuration. */}}
{{- define "upgradewatch.settings" -}}
{{- $folder := "/var/run/secrets/upgradewatch" -}}
{{- $settings := dict -}}
{{- if .Values.postgres.connectionString -}}
{{- $postgres := dict "connectionString" .Values.postgres.connectionString -}}
{{- if .Values.postgres.passwordSecret.name -}}
{{- $_ := set $postgres "passwordFile" (printf "%s/postgres/password" $folder) -}}
{{- end -}}
{{- $_ := set $settings "storage" (dict "postgres" $postgres) -}}
{{- else if not (or .Values.existingConfigMap (include "upgradewatch.usesPostgres" .)) -}}
{{- $_ := set $settings "storage" (dict "path" "/var/lib/upgradewatch/upgradewatch.db") -}}
{{- end -}}
{{- if .Values.kubernetes.enabled -}}
{{- $watched := dict "namespaces" (include "upgradewatch.namespaces" . | splitList ",") -}}
{{- $_ := set $settings "kubernetes" (ternary (dict "clusterWide" true) $watched .Values.kubernetes.clusterWide) -}}
{{- end -}}
{{- $auth := dict -}}
{{- if .Values.api.tokenSecret.name -}}
{{- $_ := set $auth "tokenFile" (printf "%s/tokens/tokens" $folder) -}}
{{- end -}}
{{- if .Values.api.tlsSecret -}}
{{- $auth = merge $auth (dict "certFile" (printf "%s/tls/tls.crt" $folder) "keyFile" (printf "%s/tls/tls.key" $folder)) -}}
{{- end -}}
{{- if .Values.api.expose -}}
{{- $_ := set $auth "allowedHosts" (include "upgradewatch.allowedHosts" . | fromYamlArray) -}}
{{- end -}}
{{- if $auth -}}
{{- $_ := set $settings "auth" $auth -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end }}

{{/* The namespaces that are watched, separated by commas. */}}
{{- define "upgradewatch.namespaces" -}}
{{- default (list .Release.Namespace) .Values.kubernetes.namespaces | uniq | sortAlpha | join "," -}}
{{- end }}

{{/* upgradewatch.yaml: what the values say goes before what the chart sets. */}}
{{- define "upgradewatch.config" -}}
{{- mergeOverwrite (include "upgradewatch.settings" . | fromYaml) (deepCopy .Values.config) | toYaml -}}
{{- end }}

{{/* Settings as environment variables, which are laid over a file that the chart did not write; by a list of name and value. */}}
{{- define "upgradewatch.env" -}}
{{- $name := index . 0 -}}
{{- $value := index . 1 -}}
{{- if kindIs "map" $value -}}
{{- range $key, $member := $value -}}
{{- include "upgradewatch.env" (list (printf "%s__%s" $name (upper $key)) $member) -}}
{{- end -}}
{{- else if kindIs "slice" $value -}}
{{- range $index, $item := $value -}}
{{- include "upgradewatch.env" (list (printf "%s__%d" $name $index) $item) -}}
{{- end -}}
{{- else }}
- name: {{ $name }}
  value: {{ toString $value | quote }}
{{- end -}}
{{- end }}
