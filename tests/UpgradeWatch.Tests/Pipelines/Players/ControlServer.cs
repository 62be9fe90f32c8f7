using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Pipelines.Players;

/// <summary>
/// What scripts run beside UpgradeWatch: <c>sleep</c>, which lets the virtual time of the stage pass, and <c>kubectl</c>,
/// which rolls the version out and back.
/// </summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private readonly PipelineStage _stage;
    private readonly TempFolder _folder = new();
    private readonly WebApplication _server;
    private readonly List<string> _kubectl = [];

    private ControlServer(PipelineStage stage)
    {
        _stage = stage;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapGet("/sleep", SleepAsync);
        _server.MapGet("/kubectl", Kubectl);
    }

    /// <summary>Whether the version that is rolled out is bad.</summary>
    public bool IsBad { get; set; }

    /// <summary>Whether <c>kubectl</c> is kept from setting another image.</summary>
    public bool IsRefused { get; set; }

    /// <summary>What happens meanwhile, told how long has been slept.</summary>
    public Func<TimeSpan, Task>? Meanwhile { get; set; }

    /// <summary>What <c>kubectl</c> was asked to do.</summary>
    public IReadOnlyList<string> KubectlCalls => _kubectl;

    /// <summary>The search path for the scripts.</summary>
    public string SearchPath => $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";

    public static async Task<ControlServer> StartAsync(PipelineStage stage)
    {
        var control = new ControlServer(stage);
        await control._server.StartAsync();
        control.Write("sleep", "curl --silent --fail --get --data-urlencode \"seconds=$1\"");
        control.Write("kubectl", "curl --silent --fail --get --data-urlencode \"arguments=$*\"");
        return control;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private TimeSpan _slept;

    private void Write(string name, string command)
    {
        var file = _folder.Write(name, $"#!/bin/sh\nexec {command} {_server.Urls.First()}/{name} >/dev/null\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private async Task SleepAsync(string seconds)
    {
        var duration = TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture));
        if (Meanwhile is not null) await Meanwhile(_slept);
        await _stage.PassAsync(duration);
        _slept += duration;
    }

    private async Task<IResult> Kubectl(string arguments)
    {
        _kubectl.Add(arguments);
        if (arguments.StartsWith("set image", StringComparison.Ordinal) && IsRefused) return Results.StatusCode(StatusCodes.Status403Forbidden);
        if (arguments.StartsWith("set image", StringComparison.Ordinal) && IsBad) _stage.BreakVersion();
        if (arguments.StartsWith("rollout undo", StringComparison.Ordinal)) _stage.MendVersion();
        if (arguments.StartsWith("rollout status", StringComparison.Ordinal)) await _stage.PassAsync(TimeSpan.FromMinutes(1));
        return Results.Ok();
    }
}
