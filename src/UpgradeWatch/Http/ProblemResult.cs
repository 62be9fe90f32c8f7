using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Http;

/// <summary>A problem as the answer to a request.</summary>
internal sealed class ProblemResult(Problem problem) : IResult
{
    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext) => Problems.WriteAsync(httpContext, problem);
}
