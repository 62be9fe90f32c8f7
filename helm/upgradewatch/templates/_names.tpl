{{/* Name of the chart. */}}
{{- define "upgradewatch.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{/* Name of what belongs to the release; all of the release's name is in it, so that two releases never share one. */}}
{{- define "upgradewatch.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{/*
Name of an object in a namespace (empty: not in one), by a list of scope, namespace and suffix (may be empty; with at most 9
characters the 53 of the longest release stay). Outside the release's own namespace others may have made the same, so there
the name carries a hash of where the release is.
*/}}
{{- define "upgradewatch.nameIn" -}}
{{- $scope := index . 0 -}}
{{- $full := include "upgradewatch.fullname" $scope -}}
{{- $tail := index . 2 | default "" -}}
{{- if ne (index . 1) $scope.Release.Namespace -}}
{{- $hash := printf "%s/%s" $scope.Release.Namespace $full | sha256sum | trunc 8 -}}
{{- $tail = ternary $hash (printf "%s-%s" $tail $hash) (empty $tail) -}}
{{- end -}}
{{- if $tail -}}
{{- printf "%s-%s" ($full | trunc (int (sub 62 (len $tail))) | trimSuffix "-") $tail -}}
{{- else -}}
{{- $full -}}
{{- end -}}
{{- end }}

{{- define "upgradewatch.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "upgradewatch.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end }}

{{- define "upgradewatch.claimName" -}}
{{- default (include "upgradewatch.fullname" .) .Values.persistence.existingClaim -}}
{{- end }}

{{- define "upgradewatch.configMapName" -}}
{{- default (include "upgradewatch.fullname" .) .Values.existingConfigMap -}}
{{- end }}

{{- define "upgradewatch.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end }}

{{/* What never changes: the selectors. */}}
{{- define "upgradewatch.selectorLabels" -}}
app.kubernetes.io/name: {{ include "upgradewatch.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end }}

{{/* The label by which the application's pods that carry the sidecar are found. */}}
{{- define "upgradewatch.sidecar.labels" -}}
upgradewatch.io/sidecar: {{ include "upgradewatch.fullname" . }}
{{- end }}

{{/* What selects the pods, whoever made them. */}}
{{- define "upgradewatch.podSelector" -}}
{{- if eq .Values.mode "sidecar" -}}
{{- include "upgradewatch.sidecar.labels" . -}}
{{- else -}}
{{- include "upgradewatch.selectorLabels" . -}}
{{- end -}}
{{- end }}

{{/* All labels, by a list of scope and component. */}}
{{- define "upgradewatch.labels" -}}
{{- $scope := index . 0 -}}
{{- $labels := dict
  "helm.sh/chart" (printf "%s-%s" $scope.Chart.Name $scope.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-")
  "app.kubernetes.io/name" (include "upgradewatch.name" $scope)
  "app.kubernetes.io/instance" $scope.Release.Name
  "app.kubernetes.io/version" ($scope.Chart.AppVersion | replace "+" "_" | trunc 63)
  "app.kubernetes.io/component" (index . 1)
  "app.kubernetes.io/part-of" "upgradewatch"
  "app.kubernetes.io/managed-by" $scope.Release.Service -}}
{{- merge $labels $scope.Values.commonLabels | toYaml -}}
{{- end }}
