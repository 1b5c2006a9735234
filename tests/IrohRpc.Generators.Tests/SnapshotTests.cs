using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace IrohRpc.Generators.Tests;

/// <summary>
/// Generated files as a user sees them, kept under Snapshots so that a change of the generator shows as a change of what it writes. Run with
/// UPDATE_SNAPSHOTS=1 to write them anew.
/// </summary>
public class SnapshotTests
{
    private static readonly string Folder = Path.Combine(References.ProjectProperty("ProjectDirectory"), "Snapshots");

    [Theory]
    [InlineData("Unary", "ValueTask<string> HelloAsync(string name, int? times, byte[] picture, CancellationToken cancellationToken = default);\n\n    Task RestAsync(CancellationToken cancellationToken = default);\n\n    void Note(string text);")]
    [InlineData("Streaming", "IAsyncEnumerable<double> AverageAsync(IAsyncEnumerable<int> numbers, IProgress<string>? progress, CancellationToken cancellationToken = default);\n\n    Task<Stream> ReadAsync(PipeReader query, CancellationToken cancellationToken = default);\n\n    ValueTask<PipeWriter> WriteAsync(string name, CancellationToken cancellationToken = default);\n\n    Task CopyAsync(Stream source, PipeWriter destination, CancellationToken cancellationToken = default);")]
    [InlineData("Contracts", "Task<IContract> OpenAsync(IContract parent, IContract? root, CallContext context, CancellationToken cancellationToken = default);")]
    [InlineData("Attributes", "[Since(\"contract/2\"), Idempotent, MessageLimit(1024)]\n    [Fault<DayOfWeek>, Fault<Dictionary<string, List<int?>>>]\n    Task<(int Count, string? Name)> FindAsync(Dictionary<string, List<int?>> filter, CancellationToken cancellationToken = default);\n\n    [WireName(\"FindOne\")]\n    Task<int> FindAsync(Guid id, CancellationToken cancellationToken = default);")]
    public async Task Generated_files_are_as_they_were(string name, string methods)
    {
        string source = $$"""
            {{ContractProject.Usings}}
            namespace Snapshots;

            [Alpn("contract/2"), Alpn("contract/1")]
            public partial interface IContract
            {
                {{methods}}
            }
            """;
        string path = Path.Combine(Folder, name + ".txt");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            await File.WriteAllTextAsync(path, ContractProject.Of(source).Generated["Snapshots.IContract.g.cs"], TestContext.Current.CancellationToken);
        }

        var test = new Test { TestCode = source };
        test.TestState.GeneratedSources.Add((
            typeof(ContractGenerator),
            "Snapshots.IContract.g.cs",
            SourceText.From(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), System.Text.Encoding.UTF8)));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    private sealed class Test : CSharpSourceGeneratorTest<ContractGenerator, DefaultVerifier>
    {
        public Test()
        {
            // The framework that runs the tests stands in for reference assemblies that would have to be downloaded.
            ReferenceAssemblies = new ReferenceAssemblies("net10.0");
            TestState.AdditionalReferences.AddRange(References.All);
            DisabledDiagnostics.Add("CS1701");
        }

        protected override CompilationOptions CreateCompilationOptions()
            => ((CSharpCompilationOptions)base.CreateCompilationOptions()).WithNullableContextOptions(NullableContextOptions.Enable);

        protected override ParseOptions CreateParseOptions() => new CSharpParseOptions(LanguageVersion.Preview);
    }
}
