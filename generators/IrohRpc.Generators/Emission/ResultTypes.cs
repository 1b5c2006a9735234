using IrohRpc.Generators.Model;
using static IrohRpc.Generators.Emission.RuntimeNames;

namespace IrohRpc.Generators.Emission;

/// <summary>The types of results, as code writes them.</summary>
internal static class ResultTypes
{
    /// <summary>What a method's task gives, or its bare stream is; null for a method without a result.</summary>
    public static string? Of(MethodModel method) => method.ResultKind switch
    {
        ResultKind.None => null,
        ResultKind.Value => method.ResultValue!.Type,
        ResultKind.Items => $"global::System.Collections.Generic.IAsyncEnumerable<{method.ResultValue!.Type}>",
        ResultKind.Contract => $"{method.ResultContract}{(method.ResultIsNullable ? "?" : "")}",
        ResultKind.Stream => "global::System.IO.Stream",
        ResultKind.PipeReader => "global::System.IO.Pipelines.PipeReader",
        _ => "global::System.IO.Pipelines.PipeWriter",
    };

    /// <summary>A call of a method whose shape is a task, as a <c>ValueTask</c>.</summary>
    public static string AsValueTask(MethodModel method, string invocation)
        => method.ReturnShape == ReturnShape.Task
            ? $"new {ValueTaskName}{(Of(method) is { } result ? $"<{result}>" : "")}({invocation})"
            : invocation;
}
