using IrohRpc.Generators.Internal;

namespace IrohRpc.Generators.Model;

/// <summary>
/// All that the emitters need to know of one contract, as plain values: equal models mean equal code, so nothing of the compilation may be
/// kept in here.
/// </summary>
/// <param name="Namespace">The namespace, empty for the global one.</param>
/// <param name="ContainingTypes">The declarations around the interface, outermost first, such as <c>partial class Outer</c>.</param>
/// <param name="Name">The interface's name, escaped where it is a keyword.</param>
/// <param name="FullName">The name from the global namespace on, as code writes it.</param>
/// <param name="Alpns">The ALPNs as the source lists them, newest first.</param>
/// <param name="OlderVersions">The contracts of the same protocol that it inherits, newest first, as code writes them.</param>
/// <param name="TokensName">What the class with one token for each method is called.</param>
/// <param name="Methods">The remote methods, inherited ones included, in a stable order.</param>
/// <param name="Formatters">The statements that register the formatters which MemoryPack would otherwise make by reflection.</param>
internal sealed record ContractModel(
    string Namespace,
    EquatableArray<string> ContainingTypes,
    string Name,
    string FullName,
    EquatableArray<string> Alpns,
    EquatableArray<string> OlderVersions,
    string TokensName,
    EquatableArray<MethodModel> Methods,
    EquatableArray<string> Formatters)
{
    /// <summary>Names that mean something within the interface already, as far as something generated may be called so.</summary>
    public EquatableArray<string> TakenNames { get; init; }

    /// <summary>What the types of its payloads look like on the wire.</summary>
    public EquatableArray<PayloadShapeModel> Shapes { get; init; }

    /// <summary>The statements that register the runtime's own formatters in the place of MemoryPack's.</summary>
    public EquatableArray<string> Replacements { get; init; }

    /// <summary>The methods that look at values before they are written.</summary>
    public EquatableArray<DepthWalkModel> Walks { get; init; }

    /// <summary>The declarations by which those methods read members that C# does not let them.</summary>
    public EquatableArray<string> Accessors { get; init; }

    /// <summary>The structs whose fields the check of payloads needs.</summary>
    public EquatableArray<string> KeptStructs { get; init; }

    /// <summary>The aliases by which code reaches assemblies that it cannot reach without.</summary>
    public EquatableArray<string> ExternAliases { get; init; }

    /// <summary>Whether something in its signatures may be named only by what is obsolete itself.</summary>
    public bool NamesObsoleteErrors { get; init; }

    /// <summary>The diagnostics of what is experimental in its signatures.</summary>
    public EquatableArray<string> Experiments { get; init; }
}
