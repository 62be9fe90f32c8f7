using UpgradeWatch.Configuration.Reading;
using UpgradeWatch.Configuration.Shapes;
using UpgradeWatch.Connectors.Http;

namespace UpgradeWatch.Configuration.Description;

/// <summary>Describes <c>prometheus</c> and <c>grafana</c>.</summary>
internal static class EndpointDescription
{
    private static readonly string[] TlsKeys = ["caFile", "certFile", "keyFile"];

    /// <summary>The shape of one endpoint.</summary>
    /// <param name="example">An address for messages.</param>
    public static MappingShape<EndpointOptions> For(string example) =>
        For<EndpointOptions>(example, endpoint => endpoint, endpoint => endpoint, (_, endpoint) => endpoint);

    /// <summary>The shape of a section that is an endpoint with more keys.</summary>
    /// <param name="example">An address for messages.</param>
    /// <param name="start">The section with its defaults.</param>
    /// <param name="get">The endpoint of the section.</param>
    /// <param name="set">The section with another endpoint.</param>
    /// <param name="more">Its own keys.</param>
    public static MappingShape<T> For<T>(string example, Func<EndpointOptions, T> start, Func<T, EndpointOptions> get, Func<T, EndpointOptions, T> set, params Key<T>[] more) => For(example, start, get, set, null, more);

    /// <summary>The shape of a section that is an endpoint, or is reached in another way by a key of its own.</summary>
    public static MappingShape<T> For<T>(string example, Func<EndpointOptions, T> start, Func<T, EndpointOptions> get, Func<T, EndpointOptions, T> set, string? instead, params Key<T>[] more) => new(
        start(new EndpointOptions { Url = new Uri(example) }),
        [.. Keys(example).Select(key => new PartKey<T, EndpointOptions>(key, get, set) { Required = key.Required && instead is null }), .. more])
    {
        Finish = (section, map, path, context) => instead is not null && map.Find(instead) is not null
            ? Instead(section, map, path, context, instead)
            : set(section, Finish(get(section), map, path, context, instead)),
        Refused = new Dictionary<string, string>
        {
            ["token"] = "would put a secret into the configuration; write it into a file and give tokenFile",
            ["password"] = "would put a secret into the configuration; write it into a file and give passwordFile",
        },
    };

    private static Key<EndpointOptions>[] Keys(string example) =>
    [
        new Key<EndpointOptions, Uri>("url", new UrlShape(example), (options, value) => options with { Url = value },
            $"Base address, http or https, for instance {example}; may have a path, and no user name.")
        { Required = true },
        new Key<EndpointOptions, string>("tokenFile", new FileShape("a bearer token"), (options, value) => options with { TokenFile = value },
            "File with a bearer token, re-read when it changes. Left out: no token."),
        new Key<EndpointOptions, string>("username", new TextShape("a user name of at most 200 characters", 200), (options, value) => options with { Username = value },
            "User name of basic authentication; needs passwordFile. Left out: none."),
        new Key<EndpointOptions, string>("passwordFile", new FileShape("a password"), (options, value) => options with { PasswordFile = value },
            "File with the password of username, re-read when it changes."),
        new Key<EndpointOptions, IReadOnlyDictionary<string, string>>("headers", new DictionaryShape("header", Names.Header, RefuseHeader, secret: true), (options, value) => options with { Headers = value },
            "Headers sent with every request, for instance X-Scope-OrgID. Left out: none."),
        new Key<EndpointOptions, string>("caFile", new FileShape("certificates in PEM"), (options, value) => options with { CaFile = value },
            "PEM file with the certificates that are trusted for this address in place of the system's. Left out: the system's."),
        new Key<EndpointOptions, string>("certFile", new FileShape("a certificate in PEM"), (options, value) => options with { CertFile = value },
            "PEM file with the client certificate of mutual TLS; needs keyFile."),
        new Key<EndpointOptions, string>("keyFile", new FileShape("a key in PEM"), (options, value) => options with { KeyFile = value },
            "PEM file with the key of certFile."),
    ];

    private static string? RefuseHeader(string name) => name.ToLowerInvariant() switch
    {
        "authorization" => "is set by UpgradeWatch; give tokenFile, or username and passwordFile",
        "host" or "content-length" or "content-type" or "transfer-encoding" or "connection" => "is set by UpgradeWatch; leave it out",
        _ => null,
    };

    private static T Instead<T>(T section, MapNode map, string path, ReadingContext context, string instead)
    {
        foreach (var entry in map.Entries.Where(entry => !entry.Is(instead)))
            context.Add(map, path, entry.Key, $"cannot be used with {instead}, which is reached at grafana.url with its credentials; leave it out");
        return section;
    }

    private static EndpointOptions Finish(EndpointOptions options, MapNode map, string path, ReadingContext context, string? instead)
    {
        if (instead is not null && !Has("url")) context.Add(map.At, KeyPath.Join(path, "url"), $"is missing; write it, or {instead} to go through Grafana");
        Together("username", "passwordFile");
        Together("passwordFile", "username");
        Together("certFile", "keyFile");
        Together("keyFile", "certFile");
        if (Has("tokenFile") && Has("username")) context.Add(map, path, "tokenFile", "cannot be used with username; keep one of the two");
        if (options.Url.Scheme == "http" && Has("url"))
        {
            foreach (var key in TlsKeys.Where(Has))
            {
                context.Add(map, path, key, $"has no use with the address {Quoting.Show(options.Url.OriginalString)}; write https there, or leave it out");
            }
        }

        return options;

        bool Has(string key) => map.Find(key) is not null;

        void Together(string given, string needed)
        {
            if (Has(given) && !Has(needed)) context.Add(map, path, needed, $"is missing; {given} needs it");
        }
    }
}
