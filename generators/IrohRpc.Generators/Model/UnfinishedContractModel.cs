using IrohRpc.Generators.Internal;

namespace IrohRpc.Generators.Model;

/// <summary>A contract that is not generated because something is wrong with it.</summary>
/// <param name="HintName">The name of its generated file.</param>
/// <param name="Namespace">The namespace, empty for the global one.</param>
/// <param name="ContainingTypes">The declarations around the interface, outermost first.</param>
/// <param name="Name">The interface's name, escaped where it is a keyword.</param>
/// <param name="FullName">The name from the global namespace on, as code writes it.</param>
internal sealed record UnfinishedContractModel(string HintName, string Namespace, EquatableArray<string> ContainingTypes, string Name, string FullName);
