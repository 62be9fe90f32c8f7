using System.CommandLine;
using System.Text.Json.Nodes;
using UpgradeWatch.Cli.Features;
using UpgradeWatch.Cli.Output;
using UpgradeWatch.Configuration;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Hosting;

namespace UpgradeWatch.Cli.Verbs;

/// <summary><c>upgradewatch serve</c>: runs the server until it is stopped.</summary>
internal static class ServeVerb
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create(CliContext context, OutputFeature output)
    {
        var usual = new ServeSettings();
        var config = CliValues.Text("--config", "FILE", $"The configuration file. Default: {ConfigFile.Usual} in the working directory; environment variables UPGRADEWATCH__... are laid over it.");
        var urls = Addresses("--urls", $"Addresses of the API, separated by semicolons; port 0 takes a free one. Default: {string.Join(';', usual.Urls)}");
        var metricsUrls = Addresses("--metrics-urls", $"Addresses of metrics and probes, separated by semicolons; port 0 takes a free one. Default: {string.Join(';', usual.MetricsUrls)}");
        var insecure = new Option<bool>("--insecure") { Description = "Let the API listen where others reach it although it asks for no token." };
        var verb = new VerbCommand(
            "serve",
            "Run the server until it is stopped by SIGTERM or Ctrl-C. Logs go to standard error.",
            "upgradewatch serve --config /etc/upgradewatch/upgradewatch.yaml",
            "upgradewatch serve --urls http://127.0.0.1:8081 --metrics-urls http://0.0.0.0:9464",
            "UPGRADEWATCH__PROMETHEUS__URL=http://127.0.0.1:9090 UPGRADEWATCH__TARGETS__0__NAME=checkout upgradewatch serve")
        {
            config, urls, metricsUrls, insecure,
        };
        verb.SetAction(async (parsed, token) =>
        {
            var settings = usual with
            {
                Urls = parsed.GetResult(urls) is null ? usual.Urls : parsed.GetValue(urls)!,
                MetricsUrls = parsed.GetResult(metricsUrls) is null ? usual.MetricsUrls : parsed.GetValue(metricsUrls)!,
                Insecure = parsed.GetValue(insecure),
            };
            if (Configure(context, ConfigFile.Find(parsed.GetValue(config)), settings) is not { } options) return ExitCodes.Usage;
            return await RunAsync(context, options, settings, output.IsJson(parsed), token);
        });
        return verb;
    }

    private static Option<string[]?> Addresses(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "URLS",
        CustomParser = result => result.Tokens[0].Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
    };

    /// <summary>The configuration, when it and the settings are good; otherwise every mistake has been told.</summary>
    private static UpgradeWatchOptions? Configure(CliContext context, string? file, ServeSettings settings)
    {
        var result = ConfigLoader.LoadFile(file);
        if (result.Options is null) ConfigReport.Write(context, file, result);
        var mistake = result.Options is { } good ? settings.FindMistake(good.Auth) : null;
        if (mistake is not null) context.Say(mistake);
        else if (result.Options is { } options && settings.FindCaution(options.Auth) is { } caution) context.Say(caution);
        if (result.Options is { Targets.Count: 0 })
        {
            mistake = "no target is configured";
            context.Say($"{mistake}, so there is nothing to watch; write targets: [{{ name: checkout, profile: auto }}] into {file ?? ConfigFile.Usual}, or try: upgradewatch demo");
        }

        return mistake is null ? result.Options : null;
    }

    private static async Task<int> RunAsync(CliContext context, UpgradeWatchOptions options, ServeSettings settings, bool json, CancellationToken cancellationToken)
    {
        var (hasRun, said) = (false, "");
        while (true)
        {
            await using var host = ServeHost.Build(options, settings);
            try
            {
                await host.StartAsync(cancellationToken);
            }
            catch (Exception trouble) when (trouble is IOException or StoreException)
            {
                // An address in use, a store that cannot be opened: what the message names can be changed.
                if (trouble.Message != said) context.Say(said = trouble.Message);
                if (!hasRun || trouble is not StoreException { Failure: not StoreFailure.Newer }) return ExitCodes.Usage;
                // Whoever has run on it waits for a database that is just being replaced by another.
                await Task.Delay(Pause, context.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (cancellationToken.IsCancellationRequested) return ExitCodes.Done;
                continue;
            }

            (hasRun, said) = (true, "");
            Announce(context, host, json);
            StartPages.GiveBack();
            await host.WaitForShutdownAsync(cancellationToken);
            if (host.Fatal is { } fatal)
            {
                context.Say(fatal);
                return ExitCodes.Usage;
            }

            if (host.Failure is { } failure)
            {
                context.Say($"the server ended because a part of it failed: {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}");
                return ExitCodes.Unexpected;
            }

            if (!host.MustStartAgain || cancellationToken.IsCancellationRequested) return ExitCodes.Done;
            settings = settings with { Urls = Texts(host.ApiUrls), MetricsUrls = Texts(host.MetricsUrls) };
        }
    }

    private static void Announce(CliContext context, ServeHost host, bool json)
    {
        if (json)
        {
            context.Out.WriteLine(new JsonObject { ["api"] = List(host.ApiUrls), ["metrics"] = List(host.MetricsUrls) }.ToJsonString());
        }
        else
        {
            context.Out.WriteLine($"API at {string.Join(", ", host.ApiUrls)}; metrics and probes at {string.Join(", ", host.MetricsUrls)}");
        }

        context.Out.Flush();
    }

    private static IReadOnlyList<string> Texts(IReadOnlyList<Uri> addresses) => [.. addresses.Select(address => address.AbsoluteUri.TrimEnd('/'))];

    private static JsonArray List(IReadOnlyList<Uri> addresses) => new([.. addresses.Select(address => (JsonNode)address.AbsoluteUri.TrimEnd('/'))]);
}
