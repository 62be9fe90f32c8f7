# syntax=docker/dockerfile:1
# One native executable in an image without a shell. State lies under /var/lib/upgradewatch; nothing else is written, so
# run it with a read-only root file system:
#   docker run --read-only -p 9464:9464 -v upgradewatch:/var/lib/upgradewatch \
#     -v ./upgradewatch.yaml:/etc/upgradewatch/upgradewatch.yaml:ro IMAGE
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends clang zlib1g-dev tzdata \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source

# The restore is a layer of its own: it changes only with the packages.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig BannedSymbols.txt ./
COPY src/UpgradeWatch.Analysis/*.csproj src/UpgradeWatch.Analysis/
COPY src/UpgradeWatch.Engine/*.csproj src/UpgradeWatch.Engine/
COPY src/UpgradeWatch.Connectors/*.csproj src/UpgradeWatch.Connectors/
COPY src/UpgradeWatch.Storage/*.csproj src/UpgradeWatch.Storage/
COPY src/UpgradeWatch/*.csproj src/UpgradeWatch/
RUN dotnet restore src/UpgradeWatch --use-current-runtime

COPY src/ src/
RUN dotnet publish src/UpgradeWatch -c Release --no-restore --use-current-runtime -o /published \
    && rm -f /published/*.dbg /published/*.pdb /published/*.xml \
    && mkdir -p /state

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
# This base has no time zone files, and evaluation.timeZone needs them.
COPY --from=build /usr/share/zoneinfo/ /usr/share/zoneinfo/
# libe_sqlite3.so is loaded from beside the executable.
COPY --from=build /published/ /app/
# An empty folder of the user's own, so that a new volume mounted there belongs to it.
COPY --from=build --chown=1654:1654 /state /var/lib/upgradewatch

USER 1654
WORKDIR /var/lib/upgradewatch
VOLUME /var/lib/upgradewatch

# Metrics and probes; the API on 8080 stays on loopback unless --urls and --insecure are given. There is no HEALTHCHECK, as
# there is no shell to run it: let the orchestrator ask /livez and /readyz on 9464.
EXPOSE 9464
ENTRYPOINT ["/app/upgradewatch"]
CMD ["serve", "--config", "/etc/upgradewatch/upgradewatch.yaml", "--metrics-urls", "http://0.0.0.0:9464"]
