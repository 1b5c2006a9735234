using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace IrohRpc.Generators.Tests.Compiling;

/// <summary>A project that others refer to, as its build leaves it.</summary>
internal sealed class CompiledProject
{
    private readonly CSharpCompilation _compilation;

    private CompiledProject(CSharpCompilation compilation) => _compilation = compilation;

    /// <summary>The whole assembly, as it is loaded.</summary>
    public ImmutableArray<byte> Image => Emit(reference: false);

    /// <summary>How another project may refer to it.</summary>
    public MetadataReference ReferTo(ReferenceKind kind) => kind switch
    {
        ReferenceKind.Source => _compilation.ToMetadataReference(),
        ReferenceKind.Assembly => MetadataReference.CreateFromImage(Image),
        _ => MetadataReference.CreateFromImage(Emit(reference: true)),
    };

    /// <summary>Compiles sources with MemoryPack's generator, and with ours as a project has them that refers to IrohRpc.</summary>
    public static CompiledProject Of(string source, string name = "Library", bool withIrohRpc = true, params MetadataReference[] references)
    {
        CSharpCompilation sources = ContractProject.Compile(ContractProject.Usings + source).WithAssemblyName(name).AddReferences(references);
        ISourceGenerator[] generators = withIrohRpc
            ? [new ContractGenerator().AsSourceGenerator(), new WireMembersGenerator().AsSourceGenerator(), References.MemoryPackGenerator]
            : [References.MemoryPackGenerator];
        CSharpGeneratorDriver.Create(generators, parseOptions: ContractProject.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(sources, out Compilation compilation, out _);
        return new CompiledProject((CSharpCompilation)compilation);
    }

    private ImmutableArray<byte> Emit(bool reference)
    {
        using var image = new MemoryStream();
        EmitResult result = _compilation.Emit(
            image, options: new EmitOptions(metadataOnly: reference, includePrivateMembers: !reference), cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        return [.. image.ToArray()];
    }
}
