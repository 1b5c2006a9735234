using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Shipped;

/// <summary>What the build says to the compiler.</summary>
/// <param name="IsEnabled">Whether contracts are to be recorded even where there is no file yet.</param>
/// <param name="IsRecording">Whether this build records them.</param>
internal sealed record ShippedOptions(bool IsEnabled, bool IsRecording)
{
    public static ShippedOptions Of(AnalyzerConfigOptions options)
        => new(Is(options, "build_property.IrohRpcShippedContracts"), Is(options, "build_property.RecordContracts"));

    /// <summary>Whether a file is the record of what shipped.</summary>
    public static bool IsShippedFile(string path)
        => string.Equals(Path.GetFileName(path), ShippedText.FileName, StringComparison.OrdinalIgnoreCase);

    private static bool Is(AnalyzerConfigOptions options, string name)
        => options.TryGetValue(name, out string? value) && string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);
}
