using Microsoft.OpenApi;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Hosting;

namespace UpgradeWatch.Http;

/// <summary>The OpenAPI document, beyond what the routes say about themselves.</summary>
internal static class ApiDescription
{
    /// <summary>Registers it.</summary>
    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", document =>
    {
        document.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        document.AddDocumentTransformer((api, _, _) =>
        {
            api.Info = new OpenApiInfo
            {
                Title = "UpgradeWatch",
                Version = BuildInfo.Version,
                Description = "Watches software upgrades and says what got worse. Metrics and probes are on a listener of their own.",
            };
            return Task.CompletedTask;
        });
        document.AddOperationTransformer((operation, _, _) =>
        {
            foreach (var parameter in operation.Parameters ?? []) Refine(parameter);
            return Task.CompletedTask;
        });
    });

    // The same parameter means the same everywhere. Numbers are read as text, so that a mistake can be answered in a
    // sentence; the document says what they are.
    private static void Refine(IOpenApiParameter parameter)
    {
        if (parameter is not OpenApiParameter described || parameter.Schema is not OpenApiSchema schema) return;
        described.Description = described.Name switch
        {
            "id" => "Id of the upgrade.",
            "target" => "Name of a configured target.",
            "item" => "Id of a checklist item.",
            "sli" => "Name of an SLI.",
            "phase" => "Only upgrades in this phase.",
            "limit" => "Most entries of a page; 50 when left out.",
            "cursor" => "nextCursor of the page before.",
            "until" => "final: 425 until the verdict is final, or fails.",
            "wait" => "Seconds to wait until status, code, final, flagged, phase or a finding's status or code changes: from what If-None-Match names, else from what it is now.",
            _ => described.Description,
        };
        if (described.Name == "wait") (schema.Type, schema.Minimum, schema.Maximum) = (JsonSchemaType.Integer, "0", "60");
        if (described.Name == "limit") (schema.Type, schema.Minimum, schema.Maximum) = (JsonSchemaType.Integer, "1", "200");
        if (described.Name == "until") schema.Enum = ["final"];
        if (described.Name == "phase") schema.Enum = [.. PhaseNames.All];
    }
}
