### Menus, and the name of everything a user can do: menus, palette and help sheet show these.

menu-app = Stoa
menu-file = File
menu-edit = Edit
menu-view = View
menu-go = Go
menu-item = Draft
menu-window = Window
menu-help = Help

## What the system does in any text field, and on a Mac with any program.

menu-cut = Cut
menu-copy = Copy
menu-paste = Paste
menu-select-all = Select All
menu-hide = Hide Stoa
menu-hide-others = Hide Others
menu-show-all = Show All

## Commands.

command-app-about = About Stoa
command-app-settings = Settings
command-app-quit = Quit
command-draft-new = New Draft
command-draft-import = Open Markdown Files…
command-app-export = Export Everything…
command-sync-now = Sync Now
command-sync-pause = Pause or Resume Sync
command-account-connect = Connect to a Community…
command-account-sign-out = Sign Out
command-window-close = Close Window
command-edit-undo = Undo
command-edit-redo = Redo
command-edit-find = Find
command-editor-source = Markdown Source
command-view-sidebar = Show or Hide Sidebar
command-view-theme = Next Theme
command-view-contrast = High Contrast
command-view-density = Next Density
command-view-language = 切换到中文
command-view-zoom-in = Zoom In
command-view-zoom-out = Zoom Out
command-view-zoom-reset = Actual Size
command-app-palette = Command Palette
command-go-content = Content
command-go-bin = Bin
command-go-sync = Sync
command-draft-open = Open
command-draft-rename = Rename
command-draft-duplicate = Duplicate
command-draft-bin = Move to Bin
command-draft-restore = Restore
command-window-minimize = Minimize
command-window-fullscreen = Full Screen
command-help-shortcuts = Keyboard Shortcuts
command-help-data-folder = Show Data Folder
command-list-next = Next Draft
command-list-previous = Previous Draft
command-list-filter = Filter the List
command-pane-next = Next Pane
command-pane-previous = Previous Pane
