using IrohRpc.Generators.Internal;

namespace IrohRpc.Generators.Model;

/// <summary>A type whose members other projects cannot all see, or not in their order.</summary>
/// <param name="HintName">The name of its generated file.</param>
/// <param name="Namespace">The namespace, empty for the global one.</param>
/// <param name="Declarations">The declarations of the types around it and of itself, outermost first.</param>
/// <param name="RecordName">The name of the struct that records the members, which nothing of the user's has.</param>
/// <param name="Version">What the mark of the record says.</param>
/// <param name="Fields">The declarations of the record's fields; empty where no record is needed.</param>
/// <param name="ExternAliases">The aliases that the fields' types need.</param>
internal sealed record WireMembersModel(
    string HintName,
    string Namespace,
    EquatableArray<string> Declarations,
    string RecordName,
    string Version,
    EquatableArray<string> Fields,
    EquatableArray<string> ExternAliases)
{
    /// <summary>A type that shows all of its members by itself.</summary>
    public static WireMembersModel None { get; } =
        new("", "", EquatableArray<string>.Empty, "", "", EquatableArray<string>.Empty, EquatableArray<string>.Empty);

    /// <summary>Whether the type needs a record.</summary>
    public bool IsNeeded => HintName.Length > 0;
}
