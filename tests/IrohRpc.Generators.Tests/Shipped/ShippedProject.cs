using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace IrohRpc.Generators.Tests.Shipped;

/// <summary>A project with a shipped file next to it.</summary>
internal static class ShippedProject
{
    /// <summary>Where the file lies.</summary>
    public const string FilePath = "/project/IrohRpc.Shipped.txt";

    /// <summary>What recording writes for a source, over what was recorded before.</summary>
    public static string Record(string source, string? before = null)
    {
        ShippedRecord record = TryRecord(source, before);
        Assert.Empty(record.Refusals);
        return record.Text;
    }

    /// <summary>What recording comes to.</summary>
    public static ShippedRecord TryRecord(string source, string? before)
        => ShippedRecord.Of(ContractProject.Contract(source).Sources, Read(before), TestContext.Current.CancellationToken);

    /// <summary>The record of one version, without its header.</summary>
    public static string[] LinesOf(string source, string alpn)
    {
        string[] lines = Record(source).Split('\n');
        return [.. lines.SkipWhile(line => line != $"alpn {alpn}").Skip(1).TakeWhile(line => line.Length > 0).Select(line => line.Trim())];
    }

    /// <summary>What the check has to say of a source next to a shipped file; null for none.</summary>
    public static Task<ImmutableArray<Diagnostic>> CheckAsync(string source, string? shipped, params string[] properties)
        => CheckAsync(ContractProject.Contract(source).Compilation, shipped, properties);

    /// <summary>What the check has to say of a compilation.</summary>
    public static Task<ImmutableArray<Diagnostic>> CheckAsync(Compilation compilation, string? shipped, params string[] properties)
        => compilation.WithAnalyzers([new ShippedAnalyzer()], OptionsOf(shipped, properties)).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);

    /// <summary>What the build gives to the compiler: a shipped file, and the properties that are true, by default the one that asks for records.</summary>
    public static AnalyzerOptions OptionsOf(string? shipped, params string[] properties) => new(
        shipped is null ? [] : [new Text(FilePath, shipped)],
        new Provider(new Properties(properties.Length == 0 ? ["IrohRpcShippedContracts"] : properties)));

    private static ShippedFile Read(string? text) => text is null ? ShippedFile.Empty : ShippedFile.Parse(text.Split('\n'));

    private sealed class Text(string path, string content) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(content);
    }

    private sealed class Provider(AnalyzerConfigOptions global) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions => global;

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => global;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => global;
    }

    private sealed class Properties(string[] names) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = names.Any(name => key == "build_property." + name) ? "true" : null;
            return value is not null;
        }
    }
}
