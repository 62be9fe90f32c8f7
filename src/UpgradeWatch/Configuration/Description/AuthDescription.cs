using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UpgradeWatch.Configuration.Reading;
using UpgradeWatch.Configuration.Shapes;

namespace UpgradeWatch.Configuration.Description;

/// <summary>Describes <c>auth</c>.</summary>
internal static partial class AuthDescription
{
    private const int MostHosts = 100;

    /// <summary>The shape of the section.</summary>
    public static MappingShape<AuthOptions> Shape { get; } = new(
        new AuthOptions(),
        new Key<AuthOptions, string>("tokenFile", new FileShape("lines of upgradewatch token new"), (options, value) => options with { TokenFile = value },
            "File with the hashes of the tokens, a line each, re-read when it changes; upgradewatch token new makes them. Left out: no token is asked for, and the API listens on loopback addresses only."),
        new Key<AuthOptions, IReadOnlyList<string>>(
            "allowedHosts",
            new NameListShape("host name", "[upgradewatch.example.org]", MostHosts, HostPattern(), _ => null),
            (options, value) => options with { AllowedHosts = value },
            "Host names without port that the API answers for; others get 421. Left out: localhost, 127.0.0.1 and [::1].",
            _ => new JsonArray("localhost", "127.0.0.1", "[::1]")),
        new Key<AuthOptions, string>("certFile", new FileShape("a certificate in PEM"), (options, value) => options with { CertFile = value },
            "PEM file with the certificate that the API shows at its https addresses, followed by those that sign it, re-read when it changes; needs keyFile. Left out: it speaks http."),
        new Key<AuthOptions, string>("keyFile", new FileShape("a key in PEM"), (options, value) => options with { KeyFile = value },
            "PEM file with the key of certFile, re-read when it changes."),
        new Key<AuthOptions, int>("requestsPerMinute", new WholeNumberShape(1, 1_000_000, "requests"), (options, value) => options with { RequestsPerMinute = value },
            "Requests a minute that each token may make, 1 to 1000000; more get 429.", options => options.RequestsPerMinute),
        new Key<AuthOptions, int>("refusalsPerMinute", new WholeNumberShape(1, 10_000, "requests"), (options, value) => options with { RefusalsPerMinute = value },
            "Requests a minute without a good token that are answered 401 for each address, 1 to 10000; more get 429.", options => options.RefusalsPerMinute))
    {
        Finish = Finish,
    };

    private static AuthOptions Finish(AuthOptions options, MapNode map, string path, ReadingContext context)
    {
        if (options.AllowedHosts is { Count: 0 }) context.Add(map, path, "allowedHosts", "is empty, so nobody would be answered; name at least one host");
        if (map.Find("certFile") is not null && map.Find("keyFile") is null) context.Add(map, path, "keyFile", "is missing; certFile needs it");
        if (map.Find("keyFile") is not null && map.Find("certFile") is null) context.Add(map, path, "certFile", "is missing; keyFile needs it");
        return options;
    }

    [GeneratedRegex(@"^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)$", RegexOptions.CultureInvariant)]
    private static partial Regex HostPattern();
}
