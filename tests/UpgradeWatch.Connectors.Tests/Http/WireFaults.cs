using System.Net.Sockets;
using UpgradeWatch.Connectors.Tests.Http.Infrastructure;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Tests.Http;

/// <summary>What a server can do to a connection, and what is to be said about it.</summary>
internal static class WireFaults
{
    /// <summary>Faults by name.</summary>
    public static readonly IReadOnlyDictionary<string, WireFault> All = new Dictionary<string, WireFault>
    {
        ["hangs"] = new(RawServer.HangAsync, SourceFailureKind.Timeout, "did not answer within"),
        ["answers byte by byte"] = new(RawServer.DripAsync, SourceFailureKind.Timeout, "did not answer within"),
        ["resets"] = new(RawServer.ResetAsync, SourceFailureKind.Unreachable, "cannot be reached"),
        ["sends half"] = new(RawServer.HalfAsync, SourceFailureKind.Broken, "broke off in the middle"),
        ["sends garbage"] = new(RawServer.GarbageAsync, SourceFailureKind.Broken, "does not speak HTTP"),
        ["sends garbage as JSON"] = new(RawServer.Answer(200, "\u0001{[}]"), SourceFailureKind.Broken, "broken"),
        ["asks to be left alone for long"] = new(RawServer.Answer(429, "", "Retry-After: 120"), SourceFailureKind.Throttled, "asks to be asked less"),
        ["asks to be asked later"] = new(RawServer.Answer(429, "", "Retry-After: 2"), SourceFailureKind.Throttled, "asks to be asked less"),
        ["fails"] = new(RawServer.Answer(500, "", "Retry-After: 0"), SourceFailureKind.Broken, "failed"),
    };
}

/// <summary>One of them.</summary>
/// <param name="Behaviour">What the server does.</param>
/// <param name="Kind">What it is to Prometheus' client.</param>
/// <param name="Says">What the sentence holds.</param>
internal sealed record WireFault(Func<Socket, CancellationToken, Task> Behaviour, SourceFailureKind Kind, string Says);
