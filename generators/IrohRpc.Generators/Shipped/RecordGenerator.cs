using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace IrohRpc.Generators.Shipped;

/// <summary>In a build that records contracts, hands the new text of the shipped file to the build.</summary>
/// <remarks>
/// A compiler's guest writes no files. What it generates can be kept by the build, so the text goes out as comments of a source file, with what the build needs
/// to know besides; build/IrohRpc.targets takes it from there.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class RecordGenerator : IIncrementalGenerator
{
    /// <summary>The name of the generated file.</summary>
    internal const string HintName = "IrohRpc.Shipped.g.cs";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<bool> isRecording = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) => ShippedOptions.Of(options.GlobalOptions).IsRecording);
        IncrementalValueProvider<AdditionalText?> file = context.AdditionalTextsProvider
            .Where(static text => ShippedOptions.IsShippedFile(text.Path))
            .Collect()
            .Select(static (texts, _) => texts.FirstOrDefault());
        IncrementalValueProvider<string?> record = context.CompilationProvider.Combine(isRecording).Combine(file)
            .Select(static (input, cancellationToken) => input.Left.Right
                ? Record(input.Left.Left, input.Right?.GetText(cancellationToken), cancellationToken)
                : null);
        context.RegisterSourceOutput(record, static (output, text) =>
        {
            if (text is not null)
            {
                output.AddSource(HintName, SourceText.From(text, Encoding.UTF8));
            }
        });
    }

    private static string Record(Compilation compilation, SourceText? file, CancellationToken cancellationToken)
    {
        ShippedFile shipped = file is null ? ShippedFile.Empty : ShippedFile.Parse(file.Lines.Select(line => line.ToString()));
        var record = ShippedRecord.Of(compilation, shipped, cancellationToken);
        var text = new StringBuilder("// What is to stand in " + ShippedText.FileName + "; there is no code in here.\n");
        text.Append("//over ").Append(file is null ? "nothing" : Hash(file.ToString())).Append('\n');
        foreach (string refusal in record.Refusals)
        {
            text.Append("//refused ").Append(refusal.Replace('\r', ' ').Replace('\n', ' ')).Append('\n');
        }

        foreach (string line in record.Text.TrimEnd('\n').Split('\n'))
        {
            text.Append("//|").Append(line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>By this the build knows whether the file is still what the compiler saw: another target framework's build may have recorded meanwhile.</summary>
    private static string Hash(string text)
    {
        using var sha256 = SHA256.Create();
        return string.Concat(sha256.ComputeHash(Encoding.UTF8.GetBytes(text)).Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
