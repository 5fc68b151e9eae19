document.documentElement.dataset.script="";try{document.documentElement.dataset.theme=localStorage.getItem("where-the-line-is:theme")||"auto"}catch{}
