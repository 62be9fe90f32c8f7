using Microsoft.OpenApi;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Hosting;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>The OpenAPI document, beyond what the routes say about themselves.</summary>
internal static class ApiDescription
{
    private const string Bearer = "bearer";

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
            api.Servers?.Clear();
            api.Components ??= new OpenApiComponents();
            api.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A token of the file auth.tokenFile; none is asked for where there is no such file." },
            };
            return Task.CompletedTask;
        });
        document.AddSchemaTransformer((schema, context, _) =>
        {
            // What a converter writes is not seen; times are texts.
            if (context.JsonTypeInfo.Type == typeof(DateTimeOffset)) schema.Type = JsonSchemaType.String;
            if (context.JsonTypeInfo.Type == typeof(DateTimeOffset?)) schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
            return Task.CompletedTask;
        });
        document.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<RouteAccess>().LastOrDefault()?.Role is { } role)
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [role.ToText()] }];
            AddHeaders(operation);
            foreach (var parameter in operation.Parameters ?? []) Refine(parameter);
            return Task.CompletedTask;
        });
    });

    private static void AddHeaders(OpenApiOperation operation)
    {
        switch (operation.OperationId)
        {
            case "beginUpgrade":
                AddHeader(operation, "Idempotency-Key", "1 to 256 printable ASCII characters; the same key of the same token with the same body gives the same upgrade, with another body it is refused.");
                break;
            case "getVerdict" or "getTargetVerdict":
                AddHeader(operation, "If-None-Match", "ETag of the verdict the client has: 304 while it holds.");
                break;
            case "streamEvents":
                AddHeader(operation, "Last-Event-ID", "Id of the last event the client has seen.");
                break;
        }

        if (operation.RequestBody is not null)
            AddHeader(operation, Caller.Header, "Who asks, at most 256 characters; recorded with the change. Without it: api.");
    }

    private static void AddHeader(OpenApiOperation operation, string name, string description)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }

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
