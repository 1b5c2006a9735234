namespace IrohRpc.Generators.Tests.Compiling;

/// <summary>How one project refers to another.</summary>
public enum ReferenceKind
{
    /// <summary>With its source at hand, as in an editor.</summary>
    Source,

    /// <summary>To its whole assembly, as to that of a package.</summary>
    Assembly,

    /// <summary>To a reference assembly, as a build of projects does.</summary>
    ReferenceAssembly,
}
