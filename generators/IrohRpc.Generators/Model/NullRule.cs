namespace IrohRpc.Generators.Model;

/// <summary>What becomes of a null that arrives where a value is read.</summary>
internal enum NullRule
{
    /// <summary>The type has one, or cannot have one.</summary>
    Allow,

    /// <summary>The type says that there is none: it is an error.</summary>
    Refuse,

    /// <summary>The type says nothing, because it was declared without nullable annotations: it is passed on.</summary>
    Ignore,
}
