using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Shipped;

/// <summary>What the build says to the compiler.</summary>
/// <param name="IsEnabled">Whether contracts are to be recorded even where there is no file yet.</param>
/// <param name="IsRecording">Whether this build records them.</param>
/// <param name="IsLost">Whether there was a file at an earlier build, and is none now.</param>
internal sealed record ShippedOptions(bool IsEnabled, bool IsRecording, bool IsLost)
{
    public static ShippedOptions Of(AnalyzerConfigOptions options) => new(
        Is(options, "build_property.IrohRpcShippedContracts", "true") || Is(options, "build_property.IrohRpcShippedContracts", "required"),
        Is(options, "build_property.RecordContracts", "true"),
        Is(options, "build_property.IrohRpcShippedFileIsLost", "true"));

    /// <summary>Whether a file is the record of what shipped.</summary>
    public static bool IsShippedFile(string path)
        => string.Equals(Path.GetFileName(path), ShippedText.FileName, StringComparison.OrdinalIgnoreCase);

    private static bool Is(AnalyzerConfigOptions options, string name, string wanted)
        => options.TryGetValue(name, out string? value) && string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase);
}
