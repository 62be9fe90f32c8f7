using UpgradeWatch.Http;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Security;

/// <summary>Who asks, and what they may.</summary>
/// <param name="name">Whose token it is; null where no token is asked for.</param>
/// <param name="role">What it allows.</param>
/// <param name="targets">The targets it is limited to; empty for all.</param>
/// <param name="isWelcome">Whether the token still counts.</param>
internal sealed class Visitor(string? name, Role role, IReadOnlyList<string> targets, Func<bool> isWelcome)
{
    /// <summary>Everybody, where no token is asked for.</summary>
    public static readonly Visitor Anybody = new(null, Role.Admin, [], () => true);

    /// <summary>Whose token it is; null where no token is asked for.</summary>
    public string? Name => name;

    /// <summary>What it allows.</summary>
    public Role Role => role;

    /// <summary>The targets it is limited to; empty for all.</summary>
    public IReadOnlyList<string> Targets => targets;

    /// <summary>The session of the browser; null for whoever sends the token itself.</summary>
    public Session? Session { get; init; }

    /// <summary>Whether the token still counts: what stays open for long asks again.</summary>
    public bool IsWelcome => isWelcome();

    /// <summary>Who makes a request. Without an answer nothing is done: a request that was never looked at has no visitor.</summary>
    public static Visitor Of(HttpContext context) =>
        context.Features.Get<Visitor>() ?? throw new InvalidOperationException("the request has not been looked at");

    /// <summary>Whether a target is within the limits.</summary>
    public bool Sees(string target) => targets.Count == 0 || targets.Contains(target);

    /// <summary>403 for a role that does not allow it; null when it does.</summary>
    public Problem? RefuseRole(Role least, string what) => role >= least
        ? null
        : Problems.Of(StatusCodes.Status403Forbidden, $"token '{name}' has the role {role.ToText()}; {what} needs {least.ToText()}");

    /// <summary>403 for a target outside the limits; null when it is inside.</summary>
    public Problem? RefuseTarget(string target) => Sees(target)
        ? null
        : Problems.Of(StatusCodes.Status403Forbidden, $"token '{name}' is limited to {(targets.Count == 1 ? "target" : "targets")} {string.Join(", ", targets)}");
}
